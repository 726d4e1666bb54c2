import { expect, test } from 'vitest';
import { runningOrder, type Selection, selectionSha256, selectSuites } from './focus.ts';
import { toLookFor } from './focus-words.ts';
import { PipelineConfig } from './pipeline.ts';
import { noFacts, SelectionFacts } from './selection-facts.ts';

const suite = (more: object = {}) => ({
  service: 'backend',
  run: ['node', '{select}'],
  report: { path: '*.xml' },
  ...more,
});
const select = { words: ['--name={test}'] };
const pipeline = PipelineConfig.parse({
  pipeline: 'e2e',
  phases: [
    { name: 'safety', always: true, gate: '80%', suites: ['events'] },
    { name: 'rest', suites: ['auth', 'chat', 'page'] },
  ],
  suites: {
    events: suite({ select, covers: ['backend/**'] }),
    auth: suite({ focus: ['login'], select, covers: ['auth/**'], priority: 'P2' }),
    chat: suite({ covers: ['backend/**', 'e2e/chat/*.js'] }),
    page: suite(),
  },
});

const hit = (tests: string[], more = 0) => ({ tests, more });
const facts = (more: Partial<SelectionFacts>) => SelectionFacts.parse({ ...noFacts, ...more });
const words = facts({
  words: [
    { word: 'refuses', suites: { auth: hit(['b > refuses', 'a > refuses']), events: hit(['refuses']) }, near: null },
    { word: 'a wrong password', suites: { auth: hit(['a wrong password']) }, near: null },
    { word: 'wrong', suites: { auth: hit(['a wrong password']), chat: hit(['wrong']) }, near: null },
    { word: 'sends', suites: { auth: hit(['sends'], 800) }, near: null },
    { word: 'pasword', suites: {}, near: 'password' },
  ],
});
const impact = (more: object = {}) =>
  facts({
    impact: {
      ...{
        from: { backend: 'a'.repeat(40) },
        to: 'b'.repeat(40),
        paths: ['backend/server.js'],
        more: 0,
        uncovered: 0,
        unknown: null,
      },
      suites: { events: { path: 'backend/server.js', paths: 1 }, chat: { path: 'backend/server.js', paths: 3 } },
      ...more,
    },
  });

function selected(focus: string[], found: SelectionFacts): Selection {
  const selection = selectSuites({ focus, pipeline, found });
  if (!selection.ok) throw new Error(selection.failure.message);
  return selection.value;
}

/** `auth[test,test]`: narrowed to these. */
const shown = ({ suites }: Selection) =>
  suites
    .filter((one) => one.selected)
    .map(({ name, tests }) => `${name}${tests === null ? '' : `[${tests.join(', ')}]`}`)
    .join(' ');

test.each<[story: string, focus: string[], found: SelectionFacts, expected: string]>([
  ['a test name narrows, and the safety phase runs whole', ['refuses'], words, 'events auth[a > refuses, b > refuses]'],
  ['a quoted name is one word', ['a  wrong password'], words, 'events auth[a wrong password]'],
  ['a suite that cannot be narrowed runs whole', ['wrong'], words, 'events auth[a wrong password] chat'],
  ['too many tests to name: it runs whole', ['sends'], words, 'events auth'],
  [
    'two words name tests of one suite',
    ['refuses', 'wrong'],
    words,
    'events auth[a > refuses, a wrong password, b > refuses] chat',
  ],
  ['the suite by a focus word goes before its tests', ['refuses', 'login'], words, 'events auth'],
  ['all goes before everything', ['refuses', 'all'], words, 'events auth chat page'],
  ['what covers a changed path, and what says nothing', ['changed'], impact(), 'events chat page'],
  ['changed or a word', ['changed', 'login'], impact(), 'events auth chat page'],
  ['nothing changed', ['changed'], impact({ paths: [], suites: {} }), 'events page'],
  ['what changed is not known', ['CHANGED'], impact({ unknown: 'no commit' }), 'events auth chat page'],
  ['what changed was not looked up', ['changed'], noFacts, 'events auth chat page'],
])('%s', (_story, focus, found, expected) => {
  const selection = selected(focus, found);
  expect(shown(selection)).toBe(expected);
  expect(selection.partial).toBe(expected !== 'events auth chat page');
});

test.each<[focus: string[], found: SelectionFacts, because: string[]]>([
  [
    ['refuses', 'wrong'],
    words,
    [
      'events: the phase safety always runs',
      'auth: 3 tests of it match "refuses" and "wrong"',
      'chat: 1 test of it matches "wrong"; it runs whole, since it has no `select:`',
      'page: no word of the focus matches',
    ],
  ],
  [
    ['sends'],
    words,
    [
      'events: the phase safety always runs',
      'auth: 801 tests of it match "sends"; it runs whole, since these are too many to name',
      'chat: no word of the focus matches',
      'page: no word of the focus matches',
    ],
  ],
  [
    ['changed'],
    impact(),
    [
      'events: backend/server.js changed',
      'auth: nothing that it covers changed',
      'chat: backend/server.js and 2 more paths that it covers changed',
      'page: it says nothing about what it covers',
    ],
  ],
  [
    ['changed'],
    impact({ unknown: 'the commit that serves backend is unknown' }),
    ['events', 'auth', 'chat', 'page'].map(
      (name) =>
        `${name}: what changed is not known, so every suite is selected: the commit that serves backend is unknown`,
    ),
  ],
])('%j says why', (focus, found, because) => {
  expect(selected(focus, found).suites.map((one) => `${one.name}: ${one.because}`)).toEqual(because);
});

test('a word that names no test either is refused, with the word that is like it', () => {
  const refused = selectSuites({ focus: ['pasword'], pipeline, found: words });
  expect(refused).toMatchObject({
    ok: false,
    failure: {
      code: 'usage',
      message: 'no suite matches the focus "pasword"',
      hint: expect.stringMatching(/^did you mean "password"\?/),
    },
  });
});

test('a run of nothing is refused', () => {
  const lone = PipelineConfig.parse({
    pipeline: 'e2e',
    phases: [{ name: 'rest', suites: ['chat'] }],
    suites: { chat: suite({ covers: ['backend/**'] }) },
  });
  const refused = (more: object) => {
    const found = impact({ suites: {}, ...more });
    const selection = selectSuites({ focus: ['changed'], pipeline: lone, found });
    return selection.ok ? '' : selection.failure.message;
  };
  expect(refused({ paths: [] })).toBe('no suite is selected: between what serves and HEAD nothing changed');
  expect(refused({ paths: ['docs/a.md'], more: 3 })).toBe(
    'no suite is selected: between what serves and HEAD of 4 changed paths no suite covers one',
  );
});

test.each<[focus: string[], asked: string[]]>([
  [['login', 'auth', 'all', 'changed'], []],
  [['refuses'], ['refuses']],
  [['auth refuses'], ['auth refuses', 'refuses']],
  [
    ['a  wrong password', 'login'],
    ['a wrong password', 'a', 'wrong', 'password'],
  ],
  [[' '], []],
])('of %j is looked for: %j', (focus, asked) => {
  expect(toLookFor(focus, pipeline)).toEqual(asked);
});

const past = (verdict: 'GO' | 'NO-GO', red: number, day: number) => ({
  ...{ run: `run-${day}`, verdict, red },
  at: `2026-11-${10 + day}T02:30:00.000Z`,
});
const history = facts({ past: { page: past('NO-GO', 2, 3), auth: past('GO', 0, 2) } });
const placesOf = (selection: Selection) =>
  selection.phases
    .map((phase) =>
      runningOrder(phase)
        .map(({ name }) => name)
        .join(' '),
    )
    .join(' | ');

test('suites run in order of risk within their phase, and stay in the pipeline order in the selection', () => {
  const selection = selected(['all'], history);
  expect(placesOf(selection)).toBe('events | page chat auth');
  expect(selection.suites.map(({ name, order }) => `${name} ${order?.place} ${order?.because}`)).toEqual([
    'events 1 it is new',
    'auth 3 P2, and it passed in run run-2',
    'chat 2 it is new',
    'page 1 it failed last time, 2 red in run run-3',
  ]);
});

test('where the pipeline says so, its order stays', () => {
  const written = { ...pipeline, running: { ...pipeline.running, order: 'pipeline' as const } };
  const selection = selectSuites({ focus: ['all'], pipeline: written, found: history });
  expect(selection.ok && placesOf(selection.value)).toBe('events | auth chat page');
});

test('a suite that is not selected has no place', () => {
  const selection = selected(['login'], history);
  expect(selection.suites.map(({ name, order }) => [name, order?.place ?? null])).toEqual([
    ['events', 1],
    ['auth', 1],
    ['chat', null],
    ['page', null],
  ]);
});

test('the hash follows what runs: not history, not the reasons; narrowed is another selection', () => {
  const hash = (focus: string[], found: SelectionFacts) => selectionSha256(selected(focus, found));
  expect(hash(['all'], history)).toBe(hash(['all'], noFacts));
  expect(hash(['changed'], impact())).toBe(
    hash(
      ['changed'],
      impact({
        to: 'c'.repeat(40),
        suites: { events: { path: 'backend/a.js', paths: 9 }, chat: { path: 'e2e/chat/a.js', paths: 1 } },
      }),
    ),
  );
  const fewer = facts({ words: [{ word: 'refuses', suites: { auth: hit(['a > refuses']) }, near: null }] });
  expect(hash(['refuses'], words)).not.toBe(hash(['refuses'], fewer));
});
