import type { TestOutcome } from '../../core/test-report.ts';

/** pytest's words, in whatever report they stand. An expected failure is skipped, an unexpected pass of a lax xfail a pass. */
export const pytestOutcomes = new Map<string | undefined, TestOutcome>([
  ['passed', 'passed'],
  ['xpassed', 'passed'],
  ['failed', 'failed'],
  ['error', 'errored'],
  ['skipped', 'skipped'],
  ['xfailed', 'skipped'],
]);

/** `tests/test_a.py::TestX::test_y[1::2]`: file, classes, name with its parameters. */
export function pytestNames(node: string): { suite: readonly string[]; name: string; file: string } {
  const bracket = node.indexOf('[');
  const plain = bracket === -1 ? node : node.slice(0, bracket);
  const parts = plain.split('::');
  const name = (parts.length > 1 ? parts.at(-1) : '') + (bracket === -1 ? '' : node.slice(bracket));
  return { suite: parts.length > 1 ? parts.slice(0, -1) : [], name: name === '' ? node : name, file: parts[0] ?? '' };
}
