import { terminalText } from '../../core/markdown-text.ts';
import type { ReportFailure, ReportProblem, ReportReading, TestCase } from '../../core/test-report.ts';
import { textTable } from './text-table.ts';

const redShown = 50;
const messageCharsMax = 160;

/** `loop parse`: totals first, then what is wrong with the report, then the red tests. */
export function reportView(reading: ReportReading): string {
  const { report } = reading;
  const { tests, passed, failed, errored, skipped } = report.totals;
  const head = ['FORMAT', 'TESTS', 'PASSED', 'FAILED', 'ERRORED', 'SKIPPED', 'RETRIED', 'DURATION'];
  const row = [
    report.format || '-',
    ...[tests, passed, failed, errored, skipped, report.tests.filter(({ attempts }) => attempts.length > 1).length].map(
      String,
    ),
    durationOf(report.tests),
  ];
  const sections = [
    textTable([head, row]),
    declaredLine(reading),
    problemLines(report.problems),
    redLines(report.tests),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function durationOf(tests: readonly TestCase[]): string {
  const known = tests.flatMap(({ durationMs }) => (durationMs === null ? [] : [durationMs]));
  return known.length === 0 ? '-' : `${(known.reduce((sum, ms) => sum + ms, 0) / 1000).toFixed(3)} s`;
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

function redLines(tests: readonly TestCase[]): string {
  const red = tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'errored');
  const lines = red.slice(0, redShown).flatMap((test) => {
    const at =
      test.file === undefined ? '' : `  (${shownLine(test.file)}${test.line === undefined ? '' : `:${test.line}`})`;
    const said = test.message === undefined ? [] : [`         ${shownLine(test.message, messageCharsMax)}`];
    return [`${test.outcome.padEnd(7)}  ${shownLine(test.id)}${at}`, ...said];
  });
  const more = red.length > redShown ? [`… and ${red.length - redShown} more red tests; --json shows them all`] : [];
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
