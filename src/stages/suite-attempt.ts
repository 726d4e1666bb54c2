import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SuiteConfig } from '../config/pipeline.ts';
import { denominatorMin } from '../core/counts.ts';
import type { SuiteSigns } from '../core/evidence-rules/suite-signs.ts';
import type { Counts, RedTest } from '../core/record.ts';
import type { Failure } from '../core/result.ts';
import type { StoredArtifact } from '../ports/artifacts.ts';
import type { StepResult } from '../ports/journal.ts';
import type { StageRun } from '../ports/stage.ts';
import type { CommandEnd, SuiteCommand } from '../ports/tester.ts';
import { declaredHosts } from './declared-hosts.ts';
import type { StageParts } from './parts.ts';
import { servicesOf } from './scope.ts';
import { type AttemptNames, attemptNames, suiteCommand } from './suite-command.ts';
import { readSuiteReport, type SuiteReport } from './suite-report.ts';
import { suiteTokens } from './suite-tokens.ts';

type Parts = Pick<StageParts, 'tester' | 'path' | 'version' | 'environment' | 'deployer' | 'idTokens' | 'sleep'>;

/** One run of one suite against one set of addresses: facts only, no verdict. Plain JSON, kept in the journal. */
export interface SuiteAttempt {
  readonly suite: string;
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly how: CommandEnd['how'];
  readonly exitCode: number | null;
  readonly message: string | null;
  readonly durationMs: number;
  readonly peakRssBytes: number | null;
  readonly counts: Counts;
  /** How many tests a collection before it counted; null where none did, absent in attempts of an older loop. */
  readonly collected?: number | null;
  readonly reportProblem: string | null;
  readonly reportDoubts: readonly string[];
  readonly summaryProblem: string | null;
  /** Absent in attempts that an older loop journaled, as are `hosts` and `traceparent`. */
  readonly signs?: SuiteSigns;
  /** What it was given to talk to, and what the config declares besides. */
  readonly hosts?: readonly string[];
  readonly traceparent?: string;
  readonly passed: readonly string[];
  readonly red: readonly RedTest[];
  /** First the attempt's facts, then console output, then the report files. */
  readonly evidence: readonly string[];
}

const outputBytesMax = 32 * 1024 * 1024;
const graceMs = 5_000;

/** Runs a suite once for its key. A crash in between voids the attempt: it runs again in a fresh folder. */
export function runSuite(
  request: {
    key: string;
    name: string;
    suite: SuiteConfig;
    urls: Readonly<Record<string, string>>;
    cwd: string;
    /** Ids of the tests to run; null or absent for all. */
    tests?: readonly string[] | null;
    /** How many tests were counted before; they are the denominator. */
    collected?: number | null;
  },
  parts: Parts,
  run: StageRun,
): Promise<SuiteAttempt> {
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
    const end = tokens.ok
      ? await runCommand(name, suite, command, parts, run).finally(tokens.value.remove)
      : notStarted(startedAt, tokens.failure);
    const output = Buffer.from(end.output).toString('utf8');
    const report = await readSuiteReport({
      folder: reportFolder,
      patterns: [suite.report.path].flat(),
      root: request.cwd,
      startedAt,
      output,
      testsMin: denominatorMin(suite.testsMin, collected),
      redact: run.redact,
    });
    const hosts = declaredHosts(suite, request.urls, parts.environment);
    const facts = { name, names, startedAt, end, output, report, argv: command.argv, hosts, collected };
    const result = await attemptOf(facts, run);
    await rm(folder, { recursive: true, force: true });
    return result;
  });
}

function runCommand(
  name: string,
  suite: SuiteConfig,
  command: ReturnType<typeof suiteCommand>,
  parts: Parts,
  run: StageRun,
): Promise<CommandEnd> {
  const whole: SuiteCommand = {
    ...command,
    limits: { timeoutMs: suite.timeoutSeconds * 1000, graceMs, outputBytesMax },
    onStart: (group) => run.startedProcess(group),
    onOutput: (text) => run.progress(`${name}: ${lastLine(text)}`),
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

async function attemptOf(
  facts: {
    name: string;
    names: AttemptNames;
    startedAt: Date;
    end: CommandEnd;
    output: string;
    report: SuiteReport;
    argv: readonly string[];
    hosts: readonly string[];
    collected: number | null;
  },
  run: StageRun,
): Promise<StepResult<SuiteAttempt>> {
  const { end, report, name, names } = facts;
  const at = run.now().toISOString();
  const attempt = {
    suite: name,
    id: names.id,
    startedAt: facts.startedAt.toISOString(),
    endedAt: at,
    how: end.how,
    exitCode: end.exitCode,
    message: end.message,
    durationMs: Math.round(end.durationMs),
    peakRssBytes: end.peakRssBytes,
    counts: report.counts,
    collected: facts.collected,
    reportProblem: report.problem,
    reportDoubts: report.doubts,
    summaryProblem: report.summaryProblem,
    signs: report.signs,
    hosts: facts.hosts,
    traceparent: names.traceparent,
    passed: report.passed,
    red: report.red,
  };
  const { counts } = attempt;
  const content = JSON.stringify({ ...attempt, argv: facts.argv, userAgent: names.userAgent }, null, 2);
  const excerpt = `exit code ${end.exitCode}, ${counts.passed} of ${counts.selected} passed, ${counts.failed + counts.errored} red`;
  const artifacts: StoredArtifact[] = [
    await run.artifacts.put({ kind: 'attempt', source: `suite ${name}, attempt ${names.id}`, at, content, excerpt }),
    await run.artifacts.put({
      kind: 'console',
      source: `output of suite ${name}, attempt ${names.id}`,
      at,
      content: facts.output,
    }),
  ];
  for (const file of report.files) {
    const source = `report of suite ${name}, attempt ${names.id}`;
    artifacts.push(await run.artifacts.putFile({ kind: 'report', source, at, file, excerpt }));
  }
  return { artifacts, value: (evidence) => ({ ...attempt, evidence: [...evidence] }) };
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
