import { expect, test } from 'vitest';
import { SuiteConfig } from '../config/pipeline.ts';
import { narrowingOf } from './selected-tests.ts';

function words(select: Record<string, unknown>, ids: readonly string[]) {
  const suite = SuiteConfig.parse({ service: 'api', run: ['x'], report: { path: '*' }, select });
  const { selected, because } = narrowingOf(suite, ids);
  return selected?.words ?? because;
}

const node = { words: ['--test-name-pattern=^{test}$'] };

// [the story, select, ids, its words, or why there are none]
test.each([
  ['the last part of an id', node, ['chat > it greets'], ['--test-name-pattern=^it greets$']],
  ['one for each', { words: ['-t', '{test}'] }, ['a', 'b'], ['-t', 'a', '-t', 'b']],
  ['all in one', { words: ['-k', '{tests}'], join: ' or ', escape: 'none' }, ['m > a', 'm > b'], ['-k', 'a or b']],
  ['joined as a pattern', { words: ['-g', '^({tests})$'] }, ['a.b', 'c|d'], ['-g', '^(a\\.b|c\\|d)$']],
  [
    'everything that a pattern knows',
    node,
    ['\\^$.*+?()[]{}|/- äß🦊'],
    ['--test-name-pattern=^\\\\\\^\\$\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|/- äß🦊$'],
  ],
  ['quotes as node 20 reports them', node, ['a &quot;b&quot;'], ['--test-name-pattern=^a (?:"|&quot;)b(?:"|&quot;)$']],
  ['what a replacement knows', node, ['$& $1 $$'], ['--test-name-pattern=^\\$& \\$1 \\$\\$$']],
  [
    'our own names',
    node,
    ['$LOOP_REPORT {test} {item}'],
    ['--test-name-pattern=^\\$LOOP_REPORT \\{test\\} \\{item\\}$'],
  ],
  [
    'a shell would love it',
    { words: ['{test}'], escape: 'none' },
    ['; rm -rf ~ $(id) `id` "\''],
    ['; rm -rf ~ $(id) `id` "\''],
  ],
  [
    'our number, or its own',
    node,
    ['it greets #2'],
    ['--test-name-pattern=^it greets #2$', '--test-name-pattern=^it greets$'],
  ],
  [
    'its whole path',
    { words: ['-t', '{test}'], by: 'full-name' },
    ['a.test.ts > chat > it greets'],
    ['-t', 'chat it greets'],
  ],
  [
    'as pytest names it',
    { words: ['{test}'], by: 'node-id', escape: 'none' },
    ['t/test_a.py > T > test_b[1]'],
    ['t/test_a.py::T::test_b[1]'],
  ],
  ['its class', { words: ['-Dtest={tests}'], by: 'class', join: ',' }, ['com.A > a', 'com.A > b'], ['-Dtest=com\\.A']],
  [
    'its file',
    { words: ['{test}'], by: 'file', escape: 'none' },
    ['e2e/a.spec.ts > x', 'e2e/a.spec.ts > y'],
    ['e2e/a.spec.ts'],
  ],
  ['no file in it', { words: ['{test}'], by: 'file' }, ['chat > x'], 'the id "chat > x" tells no file'],
  ['no class in it', { words: ['{test}'], by: 'class' }, ['x'], 'the id "x" tells no class'],
  ['an option', { words: ['{test}'] }, ['--watch'], '"--watch" begins like an option'],
  ['an option of many', { words: ['-g', '{tests}'] }, ['-x', 'y'], '"-x|y" begins like an option'],
  ['no option in a word', { words: ['-g', '^{test}'] }, ['-x'], ['-g', '^-x']],
  ['two lines', node, ['a\nb'], 'the name "a\\nb" does not fit into one line'],
  ['an end of text', node, ['a\u0000b'], 'the name "a\\u0000b" does not fit into one line'],
  ['nobody', node, [], 'no test is named'],
  [
    'too much',
    node,
    ['x'.repeat(100_001)],
    'the names of 1 test are 100024 bytes, more than a command line should have',
  ],
] as const)('%s', (_story, select, ids, expected) => {
  expect(words(select, ids)).toEqual(expected);
});
