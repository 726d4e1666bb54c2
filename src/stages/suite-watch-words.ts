import type { StreamOutcomes } from '../core/stream-outcomes.ts';
import type { LiveBook, Named } from '../test-reports/live/live-book.ts';

const namedMax = 3;

/** `12 of 40, 1 red · refuses a wrong password` */
export function progressWords(
  book: LiveBook,
  { collected, suite }: { collected: number | null; suite: { testsMin?: number | undefined } },
): string {
  const { passed, failed, errored, skipped } = book.outcomes();
  const [ended, red] = [passed + failed + errored + skipped, failed + errored];
  const latest = book.latest();
  return [
    ofWords(ended, collected, suite.testsMin ?? 0),
    red === 0 ? '' : `, ${red} red`,
    latest === null ? '' : ` · ${latest}`,
  ].join('');
}

function ofWords(ended: number, collected: number | null, testsMin: number): string {
  if (collected !== null && ended <= collected) return `${ended} of ${collected}`;
  return ended < testsMin ? `${ended} of at least ${testsMin}` : `${ended} ended`;
}

/** Why the watchdog stopped a suite. */
export function stopWords(seconds: number, tests: readonly Named[], last: string | null): string {
  if (tests.length === 1) return `stopped after ${seconds} s in one test: ${quoted(tests)}`;
  if (tests.length > 1) return `stopped after ${seconds} s in ${tests.length} tests at once: ${quoted(tests)}`;
  return `stopped after ${seconds} s in which no test ended${lastWords(last)}`;
}

/** What was going on when a suite was stopped for another reason. */
export function runningWords({ running, last }: Pick<StreamOutcomes, 'running' | 'last'>): string {
  return running.length > 0 ? `; running then: ${quoted(running)}` : lastWords(last);
}

function lastWords(last: string | null): string {
  return last === null ? '; none had ended before' : `; the last one that ended was "${last}"`;
}

function quoted(tests: readonly Named[]): string {
  const more = tests.length - namedMax;
  return `${tests
    .slice(0, namedMax)
    .map(({ name }) => `"${name}"`)
    .join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
