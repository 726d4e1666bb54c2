import { join } from 'node:path';
import { reportLimits } from '../core/report-limits.ts';
import { type PieceFacts, splitFacts } from '../test-reports/split-facts.ts';
import type { Piece } from './split-end.ts';
import { findReports, outcomesOf, type Stopped, type SuiteReport, storable, untilStopped } from './suite-report.ts';

/** Where a piece writes its report: a folder of its own, so that none overwrites another's. */
export function pieceFolder(reportFolder: string, n: number): string {
  return join(reportFolder, String(n));
}

/** Reads what the pieces left, each glob in each piece's folder: a piece without a report is one that nobody knows of. */
export async function readSplitReport(request: {
  pieces: readonly Piece[];
  folder: string;
  patterns: readonly string[];
  root: string;
  startedAt: Date;
  output: string;
  attempt: string;
  testsFloor: number;
  stopped: Stopped | null;
  retries?: 'same-name' | undefined;
  redact: (text: string) => string;
}): Promise<SuiteReport & { readonly pieces: readonly PieceFacts[] }> {
  const { output, attempt, stopped, testsFloor } = request;
  const pieces: PieceFacts[] = [];
  for (const { item, n, end } of request.pieces) {
    const { files, problem } = await findReports({ ...request, folder: pieceFolder(request.folder, n) });
    pieces.push({ item, how: end.how, exitCode: end.exitCode, files: await storable(files), reportProblem: problem });
  }
  const how = { ...request, limits: reportLimits };
  const { tests, ...facts } = await splitFacts(pieces, { output, attempt }, how);
  const files = pieces.flatMap((piece) => piece.files);
  const whole = { ...facts, ...outcomesOf(tests, request.redact), files };
  return { ...(stopped === null ? whole : untilStopped(whole, tests, stopped, testsFloor)), pieces };
}
