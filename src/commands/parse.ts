import { resolve } from 'node:path';
import { exitCodes } from '../core/exit-code.ts';
import { testParameters } from '../core/test-parameters.ts';
import type { ReportReading, TestCase } from '../core/test-report.ts';
import { inertJson } from '../outputs/inert-json.ts';
import { failureLines, reportView } from '../outputs/views/report-view.ts';
import { readReportFiles } from '../test-reports/index.ts';
import type { Host } from './host.ts';

interface ParseCommand {
  readonly files: readonly string[];
  readonly json: boolean;
  readonly retries?: 'same-name' | undefined;
}

/**
 * `loop parse FILE…`: what test reports say, several files as one suite. Red tests are an answer like any other (exit 0);
 * a report that cannot be read to its end is not (exit 2), and what was read of it is shown all the same.
 */
export async function parseCommand({ files, json, retries }: ParseCommand, host: Host): Promise<number> {
  // A file that is named twice is one file.
  const paths = [...new Set(files.map((file) => resolve(host.project, file)))];
  // A person names the files, so they may lie anywhere; links, folders and FIFOs are refused all the same.
  const reading = await readReportFiles(paths, { folder: '/', root: host.project, retries });
  if (json) await writeJson(reading, host);
  else if (reading.ok || reading.report.tests.length > 0) host.stdout.write(reportView(reading));
  if (reading.ok) return exitCodes.go;
  host.stderr.write(failureLines(reading.failures));
  return exitCodes.usage;
}

const testsAtOnce = 1_000;

/** One object on one line, written in pieces: a report can be larger than the longest text that JavaScript can hold. */
async function writeJson(reading: ReportReading, host: Host): Promise<void> {
  const { tests, ...rest } = reading.report;
  const failures = reading.ok ? [] : reading.failures;
  const head = inertJson({ ok: reading.ok, ...rest, failures });
  host.stdout.write(`${head.slice(0, -1)},"tests":[`);
  let piece: string[] = [];
  let written = 0;
  const writePiece = async (): Promise<void> => {
    host.stdout.write(`${written === 0 ? '' : ','}${piece.join(',')}`);
    written += piece.length;
    piece = [];
    // Lets the stream drain, so that the pieces do not pile up in memory.
    await new Promise((resume) => setImmediate(resume));
  };
  for (const test of tests) {
    piece.push(testJson(test));
    if (piece.length === testsAtOnce) await writePiece();
  }
  if (piece.length > 0) await writePiece();
  host.stdout.write(']}\n');
}

function testJson(test: TestCase): string {
  return inertJson({ ...test, parameters: testParameters(test.name) });
}
