import { expect, test } from 'vitest';
import { selectionSha256, selectSuites } from './focus.ts';
import { PipelineConfig } from './pipeline.ts';

const suite = (focus: string[]) => ({ focus, service: 'backend', run: ['node'], report: { path: '*.xml' } });
const pipeline = PipelineConfig.parse({
  pipeline: 'e2e',
  phases: [
    { name: 'safety', always: true, gate: '80%', suites: ['websocket-events'] },
    { name: 'critical', suites: ['auth', 'golden-path'] },
    { name: 'rest', suites: ['frontend', 'websockets'] },
  ],
  suites: {
    'websocket-events': suite(['websockets', 'golden-path']),
    auth: suite(['login']),
    'golden-path': suite([]),
    frontend: suite(['page', 'login']),
    websockets: suite(['sockets']),
  },
});

test.each([
  ['all', ['all'], 'safety: websocket-events | critical: auth golden-path | rest: frontend websockets', false],
  ['no word', [], 'safety: websocket-events | critical: auth golden-path | rest: frontend websockets', false],
  ['a name', ['golden-path'], 'safety: websocket-events | critical: golden-path', true],
  ['a focus word', ['page'], 'safety: websocket-events | rest: frontend', true],
  ['one word of two suites', ['login'], 'safety: websocket-events | critical: auth | rest: frontend', true],
  ['words are OR-ed', ['auth', 'sockets'], 'safety: websocket-events | critical: auth | rest: websockets', true],
  ['quoted ones are split', ['auth sockets'], 'safety: websocket-events | critical: auth | rest: websockets', true],
  ['case does not matter', ['AUTH'], 'safety: websocket-events | critical: auth', true],
  [
    'all among others',
    ['auth', 'all'],
    'safety: websocket-events | critical: auth golden-path | rest: frontend websockets',
    false,
  ],
  [
    'each by its name',
    ['auth golden-path frontend websockets'],
    'safety: websocket-events | critical: auth golden-path | rest: frontend websockets',
    false,
  ],
])('%s', (_story, focus, selected, partial) => {
  const selection = selectSuites({ focus, pipeline });
  if (!selection.ok) throw new Error(selection.failure.message);
  const phases = selection.value.phases.map(({ name, suites }) =>
    [`${name}:`, ...suites.filter((one) => one.selected).map((one) => one.name)].join(' '),
  );
  expect(phases.join(' | ')).toBe(selected);
  expect(selection.value.partial).toBe(partial);
});

test('every suite says why it runs or does not', () => {
  const selection = selectSuites({ focus: ['auth', 'page', 'auth'], pipeline });
  expect(selection.ok && selection.value.words).toEqual(['auth', 'page']);
  expect(selection.ok && selection.value.suites.map(({ name, because }) => `${name}: ${because}`)).toEqual([
    'websocket-events: the phase safety always runs',
    'auth: the focus names it',
    'golden-path: no word of the focus matches',
    'frontend: "page" is one of its focus words',
    'websockets: no word of the focus matches',
  ]);
});

const exists =
  'focus words: all, changed, golden-path, login, page, sockets, websockets; suites: websocket-events, auth, golden-path, frontend, websockets; or (a part of) the name of a test that ran before';
test.each([
  ['a word like no other', ['nonsense'], 'no suite matches the focus "nonsense"', exists],
  ['a slip', ['auht'], 'no suite matches the focus "auht"', `did you mean "auth"? ${exists}`],
  [
    'the beginning of a word',
    ['Golden'],
    'no suite matches the focus "Golden"',
    `did you mean "golden-path"? ${exists}`,
  ],
  ['too little of one', ['go'], 'no suite matches the focus "go"', exists],
  [
    'a slip beside a good word',
    ['auth fronted'],
    'no suite matches the focus "fronted"',
    `did you mean "frontend"? ${exists}`,
  ],
  ['a slip beside all', ['all', 'xyz'], 'no suite matches the focus "xyz"', exists],
  ['white space', [' '], 'the focus is empty', exists],
])('refused: %s', (_story, focus, message, hint) => {
  expect(selectSuites({ focus, pipeline })).toEqual({ ok: false, failure: { code: 'usage', message, hint } });
});

test('the hash follows what is selected, not the order of the words', () => {
  const hash = (focus: string[]) => {
    const selection = selectSuites({ focus, pipeline });
    return selection.ok ? selectionSha256(selection.value) : '';
  };
  expect(hash(['auth', 'page'])).toBe(hash(['page auth']));
  expect(hash(['auth'])).not.toBe(hash(['page']));
  expect(hash(['auth'])).toMatch(/^[0-9a-f]{64}$/);
});
