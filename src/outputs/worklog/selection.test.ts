import { expect, test } from 'vitest';
import type { RunRecord } from '../../core/record.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { selection } from './selection.ts';

type Chosen = NonNullable<RunRecord['selection']>;

function lines(more: Partial<Chosen>): string[] {
  const record = sampleRecord();
  if (record.selection === null) throw new Error('the sample has a selection');
  const cite = (ids: readonly string[]) => ids.map((id) => `[${id}]`).join(' ');
  const text = selection({ ...record, selection: { ...record.selection, ...more } }, cite);
  return text.split('\n').filter((line) => line.startsWith('- '));
}

const suite = (name: string, more: Partial<Chosen['suites'][number]> = {}): Chosen['suites'][number] => ({
  ...{ name, phase: 'rest', selected: true, because: 'the focus names it', tests: null, order: null },
  ...more,
});

test('a narrowed suite names its tests, and they cannot act', () => {
  const tests = ['a > refuses', '[click](http://x) **now**\n# red', 'c', 'd', 'e', 'f', 'g'];
  const [line] = lines({ suites: [suite('auth', { tests })] });
  expect(line).toMatch(/^- auth runs only 7 tests: a .* refuses · .* and 2 more$/);
  expect(line).not.toContain('[click](');
});

test.each<[string, Chosen['suites'], string[]]>([
  ['one suite has no order', [suite('auth', { order: { place: 1, because: 'it is new' } })], []],
  [
    'one reason for all tells nothing',
    ['a', 'b'].map((name, at) => suite(name, { order: { place: at + 1, because: 'it is new' } })),
    [],
  ],
  [
    'what runs first, and why',
    [
      suite('chat', { order: { place: 2, because: 'it is new' } }),
      suite('auth', { order: { place: 1, because: 'it failed last time, 3 red in run run-7' } }),
    ],
    ['- Order in rest: auth (it failed last time, 3 red in run run-7), chat (it is new)'],
  ],
])('order: %s', (_story, suites, expected) => {
  expect(lines({ suites }).filter((line) => line.startsWith('- Order'))).toEqual(expected);
});

test('what changed, what of it nobody covers, and that it is not known', () => {
  const impact = {
    from: { auth: 'a'.repeat(40) },
    to: 'b'.repeat(40),
    paths: ['x.js', 'y.js'],
    more: 3,
    uncovered: 4,
    unknown: null,
  };
  const of = (more: object) => lines({ impact: { ...impact, ...more } }).find((line) => /hange/.test(line));
  expect(of({})).toBe(
    '- Changed between what served (auth `aaaaaaaaaaaa`) and HEAD `bbbbbbbbbbbb`: `x.js`, `y.js` and 3 more; no suite covers 4 of them',
  );
  expect(of({ paths: [], more: 0, uncovered: 0 })).toMatch(/: nothing$/);
  expect(of({ unknown: 'no answer' })).toBe('- What changed is not known, so that every suite was selected: no answer');
});

test('the selection cites its artefact', () => {
  expect(lines({ evidence: ['E7'] }).find((line) => line.includes('Selection SHA-256'))).toMatch(/ \[E7\]$/);
});
