import type { TestOutcome } from '../../core/test-report.ts';

export const consoleWords = {
  PASSED: 'passed',
  XPASS: 'passed',
  FAILED: 'failed',
  ERROR: 'errored',
  SKIPPED: 'skipped',
  XFAIL: 'skipped',
} as const satisfies Record<string, TestOutcome>;

export interface NamedTest {
  readonly node: string;
  readonly word: keyof typeof consoleWords;
  readonly message?: string | undefined;
}

const words = Object.keys(consoleWords).join('|');
const verbose = new RegExp(`^(\\S+\\.\\w+::.+?) (${words})(?: \\((.*)\\))?(?:\\s+\\[\\s*\\d+%\\])?$`);
const distributed = new RegExp(`^\\[gw\\d+\\](?: \\[\\s*\\d+%\\])? (${words}) (\\S+::.+?)\\s*$`);
const summary = /^(FAILED|ERROR) ((?:\S+\.\w+)(?:::.+?)?)(?: - (.*))?$/;

/** `a.py::t PASSED [ 5%]`, `[gw0] [ 5%] PASSED a.py::t`, `FAILED a.py::t - why`, `ERROR a.py` (collection). */
export function pytestLine(line: string): NamedTest | null {
  const first = verbose.exec(line);
  if (first?.[1] !== undefined) return named(first[1], first[2], first[3]);
  const second = distributed.exec(line);
  if (second?.[2] !== undefined) return named(second[2], second[1]);
  const third = summary.exec(line);
  return third?.[2] === undefined ? null : named(third[2], third[1], third[3]);
}

function named(node: string, word: string | undefined, message?: string): NamedTest | null {
  return word !== undefined && isWord(word) ? { node, word, message } : null;
}

function isWord(word: string): word is NamedTest['word'] {
  return Object.hasOwn(consoleWords, word);
}
