import type { TestAttempt, TestOutcome } from '../../core/test-report.ts';
import { bareAttempts } from '../test-parts.ts';
import type { OpenCase, OpenResult } from './open-case.ts';

/**
 * A test counts once, whatever it carries. Red wins over skipped. Failed wins over errored: a failure is a finding about
 * the product, and an error next to it is mostly the clean-up that stumbled over the same thing. A test with neither name
 * nor result is what a killed runner leaves behind, and no pass.
 */
export function outcomeOf(open: OpenCase): TestOutcome {
  if (open.results.length === 0) return statusOf(open) ?? (isNameless(open) ? 'errored' : 'passed');
  // node runs a test marked `todo`, writes its failure down and does not let it count.
  if (open.results.some(({ kind, type }) => kind === 'skipped' && type === 'todo')) return 'skipped';
  const kinds = new Set(open.results.map(({ kind }) => kind));
  const status = statusOf(open);
  if (kinds.has('failure') || kinds.has('rerunFailure') || status === 'failed') return 'failed';
  if (kinds.has('error') || kinds.has('rerunError') || status === 'errored') return 'errored';
  if (kinds.has('skipped') || status === 'skipped') return 'skipped';
  return 'passed';
}

/** An empty name is a name: some people give it to their tests. */
export function isNameless({ attributes }: OpenCase): boolean {
  return attributes.name === undefined && attributes.classname === undefined;
}

const statusWords: readonly (readonly [TestOutcome, RegExp])[] = [
  ['failed', /^(?:fail|failed|failure)$/i],
  ['errored', /^(?:error|errored|broken|crashed|timeout|timedout|timed out|interrupted|aborted|cancelled)$/i],
  ['skipped', /^(?:not ?run|disabled|skip|skipped|ignored|pending|suppressed|todo)$/i],
];

/** gtest, catch2, cgreen and others say it in an attribute, some of them nowhere else. */
function statusOf({ attributes }: OpenCase): TestOutcome | null {
  if (attributes.status === undefined && attributes.result === undefined) return null;
  const words = [attributes.status ?? '', attributes.result ?? ''];
  return statusWords.find(([, pattern]) => words.some((word) => pattern.test(word.trim())))?.[0] ?? null;
}

/** All attempts in order, the deciding one included. */
export function attemptsOf(
  open: OpenCase,
  outcome: TestOutcome,
  message: string | undefined,
  messageOf: (result: OpenResult) => string | undefined,
): readonly TestAttempt[] {
  if (open.results.length === 0) return bareAttempts[outcome];
  const last = message === undefined ? bareAttempts[outcome] : [{ outcome, message }];
  const red = (result: OpenResult, kind: 'Failure' | 'Error'): TestAttempt => {
    const said = messageOf(result);
    return { outcome: kind === 'Failure' ? 'failed' : 'errored', ...(said === undefined ? {} : { message: said }) };
  };
  const ofKind = (prefix: 'flaky' | 'rerun'): TestAttempt[] =>
    open.results.flatMap((result) => {
      if (!result.kind.startsWith(prefix)) return [];
      return [red(result, result.kind.endsWith('Error') ? 'Error' : 'Failure')];
    });
  const before = ofKind('flaky');
  const after = ofKind('rerun');
  return before.length + after.length === 0 ? last : [...before, ...last, ...after];
}
