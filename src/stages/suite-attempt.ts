import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SuiteConfig } from '../config/pipeline.ts';
import { wasStopped } from '../core/judge-suite.ts';
import type { Failure } from '../core/result.ts';
import type { StageRun } from '../ports/stage.ts';
import type { CommandEnd, SuiteCommand } from '../ports/tester.ts';
import { attemptFacts, type SuiteAttempt } from './attempt-facts.ts';
import { declaredHosts, givenHosts } from './declared-hosts.ts';
import type { StageParts } from './parts.ts';
import { servicesOf } from './scope.ts';
import { attemptNames, suiteCommand } from './suite-command.ts';
import { suiteTokens } from './suite-tokens.ts';
import { type StopOnNoGo, type SuiteWatch, watchSuite } from './suite-watch.ts';

export type { SuiteAttempt } from './attempt-facts.ts';

type Parts = Pick<StageParts, 'tester' | 'path' | 'version' | 'environment' | 'deployer' | 'idTokens' | 'sleep'>;

const outputBytesMax = 32 * 1024 * 1024;
const graceMs = 5_000;

interface SuiteRequest {
  readonly key: string;
  readonly name: string;
  readonly suite: SuiteConfig;
  readonly urls: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Ids of the tests to run; null or absent for all. */
  readonly tests?: readonly string[] | null;
  /** How many tests there are, as a collection before the run counted them. */
  readonly collected?: number | null;
  /** What the suite declares, where it is left out. */
  readonly testsFloor?: number;
  /** Only where the suite is judged by this run, and says `onNoGo: stop`. */
  readonly onNoGo?: StopOnNoGo | null;
}

/** Runs a suite once for its key. A crash in between voids the attempt: it runs again in a fresh folder. */
export function runSuite(request: SuiteRequest, parts: Parts, run: StageRun): Promise<SuiteAttempt> {
  const { suite, name, collected = null } = request;
  return run.journal.step(request.key, { name, run: suite.run, report: suite.report }, async () => {
    const names = attemptNames({ run: run.record.run.id, key: request.key, version: parts.version });
    const folder = join(run.folder, 'attempts', names.id);
    const [reportFolder, homeFolder] = [join(folder, 'report'), join(folder, 'home')];
    await rm(folder, { recursive: true, force: true });
    await mkdir(reportFolder, { recursive: true });
    await mkdir(homeFolder, { recursive: true });
    const startedAt = run.now();
    const services = servicesOf(suite, parts.environment.services);
    const tokens = await suiteTokens({ services, folder }, parts, run);
    const command = suiteCommand({
      ...request,
      run: run.record.run.id,
      names,
      tokenFiles: tokens.ok ? tokens.value.files : {},
      reportFolder,
      homeFolder,
      path: parts.path,
    });
    const { onNoGo = null } = request;
    const { progress } = run;
    const watch = watchSuite({ name, suite, collected, reportFolder, onNoGo, progress });
    const end = tokens.ok
      ? await runCommand(suite, command, watch, parts, run).finally(tokens.value.remove)
      : notStarted(startedAt, tokens.failure);
    const facts = { request, names, startedAt, end, argv: command.argv, reportFolder };
    const stream = wasStopped(end) ? await watch.outcomes() : null;
    const hosts = declaredHosts(suite, request.urls, parts.environment);
    const given = givenHosts(request.urls);
    const result = await attemptFacts({ ...facts, stream, hosts, given }, run);
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

/** A suite that could not be let in proves nothing about the service. */
function notStarted(startedAt: Date, { message, hint }: Failure): CommandEnd {
  return {
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
}
