import type { Counts, RedTest } from './record.ts';
import type { StreamOutcomes } from './stream-outcomes.ts';
import type { TestCase, TestList } from './test-report.ts';

/** What is known of a suite that was stopped: its counts, and the red tests that the stop did not make red. */
export interface PartialOutcomes {
  readonly counts: Counts;
  /** Of the report's red tests those that ended by themselves. */
  readonly keeps: (test: Pick<TestCase, 'id'>) => boolean;
  /** Red tests that only the stream knows. */
  readonly fromStream: readonly RedTest[];
}

/**
 * From what could be read of the report, or from the stream where that knows more. Whoever knows less is not added: the two may
 * name one test differently, and nothing may count twice. What is missing is not run, and in the denominator.
 */
export function partialOutcomes(
  tests: TestList,
  stream: StreamOutcomes | null,
  /** How many there are at least: collected, else declared. */
  testsMin: number,
): PartialOutcomes {
  if (stream !== null && endedIn(stream) > countOf(tests, (test) => !isCutOff(test))) {
    return { counts: streamCounts(stream, testsMin), keeps: () => false, fromStream: stream.red.map(redOf) };
  }
  const red = stream === null ? null : new Set(stream.red.flatMap(({ id, name }) => [id, name]));
  const isEvidence = (test: TestCase) =>
    !isRed(test) || (!isCutOff(test) && (red === null || red.has(test.id) || red.has(test.name)));
  const ended = { passed: 0, failed: 0, errored: 0, skipped: 0 };
  const kept = new Set<string>();
  for (const test of tests) {
    if (!isEvidence(test)) continue;
    ended[test.outcome] += 1;
    if (isRed(test)) kept.add(test.id);
  }
  return {
    counts: countsOf(ended, Math.max(tests.length, testsMin)),
    keeps: ({ id }) => kept.has(id),
    fromStream: [],
  };
}

function isRed({ outcome }: TestCase): boolean {
  return outcome === 'failed' || outcome === 'errored';
}

/** Readers and runners call a test red that was running when the run was killed: that is our doing, not the test's. */
function isCutOff({ message, failureType }: TestCase): boolean {
  return (
    /the run was killed|runners leave one behind when they are killed/.test(message ?? '') ||
    /^(?:cancelledByParent|testAborted|interrupted)$/.test(failureType ?? '')
  );
}

function endedIn({ passed, skipped, failed, errored }: StreamOutcomes): number {
  return passed + skipped + failed + errored;
}

function countOf(tests: TestList, isCounted: (test: TestCase) => boolean): number {
  let count = 0;
  for (const test of tests) if (isCounted(test)) count += 1;
  return count;
}

function streamCounts(stream: StreamOutcomes, testsMin: number): Counts {
  return countsOf(stream, Math.max(endedIn(stream) + stream.running.length, testsMin));
}

function countsOf(
  { passed, failed, errored, skipped }: Pick<Counts, 'passed' | 'failed' | 'errored' | 'skipped'>,
  selected: number,
): Counts {
  const executed = passed + failed + errored;
  return { selected, executed, passed, failed, errored, skipped, notRun: selected - executed - skipped };
}

function redOf({ id, name, outcome }: StreamOutcomes['red'][number]): RedTest {
  const message = 'red in what the runner printed; its report does not tell why';
  return { id, name, outcome, attempts: 'F', message, frames: [] };
}
