import { mkdir } from 'node:fs/promises';
import type { SuiteConfig } from '../config/pipeline.ts';
import type { SuiteResult } from '../core/record.ts';
import type { Failure } from '../core/result.ts';
import type { StageRun } from '../ports/stage.ts';
import type { CommandEnd } from '../ports/tester.ts';
import type { PieceFacts } from '../test-reports/split-facts.ts';
import { argvBytesMax, type Narrowing } from './selected-tests.ts';
import { joinedEnd, type Piece, splitFigures } from './split-end.ts';
import { splitItems } from './split-items.ts';
import { pieceFolder, readSplitReport } from './split-report.ts';
import { knownMs, rememberPieces, runPieces, workersFor } from './split-suite.ts';
import type { CommandRequest } from './suite-command.ts';
import { readSuiteReport, type SuiteReport } from './suite-report.ts';

/** How a suite's command ended, or all of its commands where it is split. */
export interface RanSuite {
  readonly end: CommandEnd;
  readonly narrowing: Narrowing;
  readonly split: SuiteResult['split'];
  readonly pieces: readonly Piece[] | null;
}

export interface SuiteWork {
  readonly name: string;
  readonly command: CommandRequest;
  readonly narrowing: Narrowing;
  readonly startedAt: Date;
}

type RunOne = (command: CommandRequest) => Promise<CommandEnd>;

/** In one command, or in pieces. A split suite that is narrowed is one command again, with all pieces named: its few tests need no queue. */
export async function runSuiteCommand(work: SuiteWork, runOne: RunOne, run: StageRun): Promise<RanSuite> {
  const { command, narrowing } = work;
  const { selected } = narrowing;
  if (command.suite.split === undefined) {
    const end = await runOne(selected ? { ...command, selected } : command);
    return { end, narrowing, split: null, pieces: null };
  }
  const items = await splitItems(command.suite, command.cwd, (argv) => runOne(listing(command, argv)));
  if (!items.ok) return notBegun(work, items.failure);
  if (!selected) return inPieces(items.value, work, runOne, run);
  const bytes = [...items.value, ...selected.words].reduce((sum, word) => sum + Buffer.byteLength(word) + 1, 0);
  if (bytes <= argvBytesMax) {
    const end = await runOne({ ...command, selected, items: items.value });
    return { end, narrowing, split: null, pieces: null };
  }
  const because = `its ${items.value.length} pieces do not fit into one command line`;
  return inPieces(items.value, { ...work, narrowing: { tests: null, because } }, runOne, run);
}

/** A suite that could not be let in proves nothing about the service. */
export function notBegun(
  { startedAt, narrowing }: Pick<SuiteWork, 'startedAt' | 'narrowing'>,
  failure: Failure,
): RanSuite {
  const { message, hint } = failure;
  const end: CommandEnd = {
    exitCode: null,
    signal: null,
    how: 'not-started',
    message: hint === undefined ? message : `${message}; ${hint}`,
    startedAt: startedAt.toISOString(),
    durationMs: 0,
    output: new Uint8Array(),
    stdout: new Uint8Array(),
    outputTruncated: false,
    peakRssBytes: null,
  };
  return { end, narrowing, split: null, pieces: null };
}

async function inPieces(
  items: readonly string[],
  { name, command, narrowing }: SuiteWork,
  runOne: RunOne,
  run: StageRun,
): Promise<RanSuite> {
  const { suite } = command;
  const { history } = run.memory;
  const workers = workersFor(suite.split?.workers, items.length);
  const known = await knownMs(name, history);
  let ended = 0;
  const pieces = await runPieces(
    { items, workers, timeoutSeconds: suite.timeoutSeconds, knownMs: known },
    async ({ item, n, timeoutSeconds }) => {
      const reportFolder = pieceFolder(command.reportFolder, n);
      await mkdir(reportFolder, { recursive: true });
      const end = await runOne({ ...command, suite: { ...suite, timeoutSeconds }, reportFolder, items: [item] });
      ended += 1;
      run.progress(`${name}: ${ended} of ${items.length} pieces, the last one ${item}`);
      return end;
    },
  );
  await rememberPieces(name, pieces, run.now().toISOString(), history);
  const end = joinedEnd(pieces, command.names.id);
  return { end, narrowing, split: splitFigures(pieces, workers), pieces };
}

const listingSeconds = 60;

/** The command that names the pieces: with the suite's environment, and no runner that prints tests. */
function listing(command: CommandRequest, argv: readonly string[]): CommandRequest {
  const { testTimeoutSeconds: _none, ...rest } = command.suite;
  const suite: SuiteConfig = { ...rest, run: [...argv], shell: false, timeoutSeconds: listingSeconds };
  return { ...command, suite };
}

type ReadSuite = SuiteReport & { readonly pieces: readonly PieceFacts[] | null };

/** What the suite's reports say, held against its console. */
export async function readRan(
  { end, pieces, narrowing }: RanSuite,
  request: Omit<Parameters<typeof readSplitReport>[0], 'pieces' | 'output'>,
): Promise<ReadSuite & { readonly output: string }> {
  const output = Buffer.from(end.output).toString('utf8');
  if (pieces !== null) return { ...(await readSplitReport({ ...request, pieces, output })), output };
  const report = await readSuiteReport({ ...request, output, narrowedTo: narrowing.tests });
  return { ...report, pieces: null, output };
}

/** The pieces as the attempt's artefact holds them: enough to hold them against each other again. */
export function storedPieces({ pieces }: RanSuite, report: ReadSuite) {
  return (
    pieces?.map(({ item, end }, index) => ({
      item,
      ...{ startedAt: end.startedAt, durationMs: Math.round(end.durationMs), how: end.how, exitCode: end.exitCode },
      ...{ message: end.message, peakRssBytes: end.peakRssBytes },
      reports: report.pieces?.[index]?.files.length ?? 0,
      reportProblem: report.pieces?.[index]?.reportProblem ?? null,
    })) ?? null
  );
}
