import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SuiteConfig } from '../config/pipeline.ts';
import { wasStopped } from '../core/judge-suite.ts';
import type { StageRun } from '../ports/stage.ts';
import type { CommandEnd, SuiteCommand } from '../ports/tester.ts';
import { type AttemptRow, attemptFacts, type SuiteAttempt } from './attempt-facts.ts';
import { declaredHosts, givenHosts } from './declared-hosts.ts';
import type { StageParts } from './parts.ts';
import { notBegun, runSuiteCommand } from './run-suite-command.ts';
import { servicesOf } from './scope.ts';
import { narrowingOf } from './selected-tests.ts';
import { storedAttempt } from './stored-attempt.ts';
import { attemptNames, type CommandRequest, suiteCommand } from './suite-command.ts';
import { suiteTokens } from './suite-tokens.ts';
import { type StopOnNoGo, type SuiteWatch, watchSuite } from './suite-watch.ts';

export type { SuiteAttempt } from './attempt-facts.ts';

type Parts = Pick<StageParts, 'tester' | 'path' | 'version' | 'environment' | 'deployer' | 'idTokens' | 'sleep'>;

const outputBytesMax = 32 * 1024 * 1024;
const graceMs = 5_000;

export interface SuiteRequest {
  readonly key: string;
  readonly name: string;
  readonly suite: SuiteConfig;
  readonly urls: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Ids of the tests to run; all of them where it is null or absent, and where the runner cannot be told. */
  readonly tests?: readonly string[] | null;
  /** How many tests there are, as a collection before the run counted them. */
  readonly collected?: number | null;
  /** What the suite declares, where it is left out. */
  readonly testsFloor?: number;
  /** Only where the suite is judged by this run, and says `onNoGo: stop`. */
  readonly onNoGo?: StopOnNoGo | null;
}

/** Runs a suite once for its key. A crash in between voids the attempt: it runs again in a fresh folder. */
export async function runSuite(request: SuiteRequest, parts: Parts, run: StageRun): Promise<SuiteAttempt> {
  const row = await suiteRow(request, parts, run);
  return { ...row, passed: row.passed ?? (await storedAttempt(row, run))?.passed ?? [] };
}

function suiteRow(request: SuiteRequest, parts: Parts, run: StageRun): Promise<AttemptRow> {
  const { suite, name, collected = null, onNoGo = null } = request;
  const asked = request.tests ? { tests: request.tests } : {};
  return run.journal.step(request.key, { name, run: suite.run, report: suite.report, ...asked }, async () => {
    const names = attemptNames({ run: run.record.run.id, key: request.key, version: parts.version });
    const folder = join(run.folder, 'attempts', names.id);
    const [reportFolder, homeFolder] = [join(folder, 'report'), join(folder, 'home')];
    await rm(folder, { recursive: true, force: true });
    await mkdir(reportFolder, { recursive: true });
    await mkdir(homeFolder, { recursive: true });
    const startedAt = run.now();
    const services = servicesOf(suite, parts.environment.services);
    const tokens = await suiteTokens({ services, folder }, parts, run);
    const command = {
      ...request,
      run: run.record.run.id,
      names,
      tokenFiles: tokens.ok ? tokens.value.files : {},
      reportFolder,
      homeFolder,
      path: parts.path,
    };
    const work = { name, command, narrowing: narrowingOf(suite, request.tests ?? null), startedAt };
    let watch: SuiteWatch | null = null;
    const runOne = (one: CommandRequest) => {
      // Pieces run beside each other: what one of them streams is no progress of the whole.
      const progress = one.items === undefined ? run.progress : () => {};
      const of = { name, suite: one.suite, collected, reportFolder: one.reportFolder, onNoGo, progress };
      watch = watchSuite(of);
      return runCommand(one.suite, suiteCommand(one), watch, parts, run);
    };
    const ran = tokens.ok
      ? await runSuiteCommand(work, runOne, run).finally(tokens.value.remove)
      : notBegun(work, tokens.failure);
    const stream = ran.pieces === null && wasStopped(ran.end) ? await streamed(watch) : null;
    const hosts = declaredHosts(suite, request.urls, parts.environment);
    const given = givenHosts(request.urls);
    const { selected } = ran.narrowing;
    const { argv } = suiteCommand(selected ? { ...command, selected } : command);
    const result = await attemptFacts(
      { request, names, startedAt, ran, argv, reportFolder, stream, hosts, given },
      run,
    );
    await rm(folder, { recursive: true, force: true });
    return result;
  });
}

function runCommand(
  suite: SuiteConfig,
  command: ReturnType<typeof suiteCommand>,
  { onOutput, watch, onStopping }: SuiteWatch,
  parts: Parts,
  run: StageRun,
): Promise<CommandEnd> {
  const whole: SuiteCommand = {
    ...command,
    limits: { timeoutMs: suite.timeoutSeconds * 1000, graceMs, outputBytesMax },
    onStart: (group) => run.startedProcess(group),
    onOutput,
    watch,
    onStopping,
  };
  return parts.tester.run(whole, run.signal);
}

/** What the last command told while it ran; null where none was begun. */
async function streamed(watch: SuiteWatch | null): ReturnType<SuiteWatch['outcomes']> {
  return watch === null ? null : watch.outcomes();
}
