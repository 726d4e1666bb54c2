import { terminalText } from '../../core/markdown-text.ts';
import type { ReportFailure, ReportProblem, ReportReading, TestCase, TestList } from '../../core/test-report.ts';
import { textTable } from './text-table.ts';

const redShown = 50;
const messageCharsMax = 160;

/** `loop parse`: totals first, then what is wrong with the report, then the red tests. */
export function reportView(reading: ReportReading): string {
  const { report } = reading;
  const { tests, passed, failed, errored, skipped } = report.totals;
  const seen = lookAt(report.tests);
  const head = ['FORMAT', 'TESTS', 'PASSED', 'FAILED', 'ERRORED', 'SKIPPED', 'RETRIED', 'DURATION'];
  const row = [
    report.format || '-',
    ...[tests, passed, failed, errored, skipped, seen.retried].map(String),
    seen.timed === 0 ? '-' : `${(seen.durationMs / 1000).toFixed(3)} s`,
  ];
  const sections = [
    textTable([head, row]),
    declaredLine(reading),
    problemLines(report.problems),
    redLines(seen.red, failed + errored),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

interface Seen {
  retried: number;
  /** Tests with a duration, and the sum of those. */
  timed: number;
  durationMs: number;
  /** The first of them that were red. */
  readonly red: TestCase[];
}

function lookAt(tests: TestList): Seen {
  const seen: Seen = { retried: 0, timed: 0, durationMs: 0, red: [] };
  for (const test of tests) {
    if (test.attempts.length > 1) seen.retried += 1;
    if (test.durationMs !== null) seen.timed += 1;
    seen.durationMs += test.durationMs ?? 0;
    const isRed = test.outcome === 'failed' || test.outcome === 'errored';
    if (isRed && seen.red.length < redShown) seen.red.push(test);
  }
  return seen;
}

function declaredLine({ report: { declared } }: ReportReading): string {
  if (declared === null) return '';
  const figures = (['tests', 'failed', 'errored', 'skipped'] as const).flatMap((field) =>
    declared[field] === undefined ? [] : [`${declared[field]} ${field}`],
  );
  return figures.length === 0 ? '' : `The report says of itself: ${figures.join(', ')}`;
}

function problemLines(problems: readonly ReportProblem[]): string {
  return problems.map((problem) => `${problem.weight}  ${placeOf(problem)}${shownLine(problem.message)}`).join('\n');
}

function redLines(red: readonly TestCase[], redTests: number): string {
  const lines = red.flatMap((test) => {
    const at =
      test.file === undefined ? '' : `  (${shownLine(test.file)}${test.line === undefined ? '' : `:${test.line}`})`;
    const said = test.message === undefined ? [] : [`         ${shownLine(test.message, messageCharsMax)}`];
    return [`${test.outcome.padEnd(7)}  ${shownLine(test.id)}${at}`, ...said];
  });
  const more = redTests > red.length ? [`… and ${redTests - red.length} more red tests; --json shows them all`] : [];
  return [...lines, ...more].join('\n');
}

/** `file:line:column: what`, as editors look for it, and what to do. */
export function failureLines(failures: readonly ReportFailure[]): string {
  return failures
    .map((failure) => `${placeOf(failure)}${shownLine(failure.message)} (${failure.reason})\n  hint: ${failure.hint}\n`)
    .join('');
}

function placeOf({ file, line, column }: { file?: string; line?: number; column?: number }): string {
  const place = [file === undefined ? undefined : shownLine(file), line, column].filter((part) => part !== undefined);
  return place.length === 0 ? '' : `${place.join(':')}: `;
}

/** Text of others on one line of a terminal. */
function shownLine(text: string, charsMax = 300): string {
  const line = terminalText(text.slice(0, 4 * charsMax))
    .replace(/\s*\n\s*/g, ' ⏎ ')
    .trim();
  return line.length <= charsMax ? line : `${line.slice(0, charsMax)}…`;
}
