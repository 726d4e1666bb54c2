import type { ReportReading } from '../core/test-report.ts';
import { readReport } from '../test-reports/index.ts';
import type { ReadOptions } from '../test-reports/report-format.ts';

/** Reads a text as if it were a report file, in chunks of `step` bytes: what is read must not depend on where a chunk ends. */
export async function readSample(
  content: string | Uint8Array,
  options: Partial<ReadOptions> & { step?: number } = {},
): Promise<ReportReading> {
  const { step, ...rest } = options;
  const bytes = Buffer.from(content);
  return readReport([{ file: 'report', bytes: chunksOf(bytes, step ?? bytes.length) }], { root: '/app', ...rest });
}

async function* chunksOf(bytes: Buffer, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += Math.max(1, step)) yield bytes.subarray(at, at + Math.max(1, step));
}

/** One line a test, then what is said about the report: `junit` / `passed suite > name` / `doubt killed-run` / `refused truncated`. */
export function shown(reading: ReportReading): string[] {
  const { format, tests, problems } = reading.report;
  return [
    format,
    ...tests.map((test) => {
      const tries = test.attempts.length > 1 ? ` [${test.attempts.map(({ outcome }) => outcome).join(' ')}]` : '';
      return `${test.outcome} ${test.id}${tries}`;
    }),
    // That names came again is shown by their numbers.
    ...problems.flatMap(({ weight, code }) =>
      weight === 'note' && code === 'repeated-test' ? [] : [`${weight} ${code}`],
    ),
    ...(reading.ok ? [] : reading.failures.map(({ reason }) => `refused ${reason}`)),
  ];
}
