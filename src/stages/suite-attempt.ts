import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SuiteConfig } from '../config/pipeline.ts';
import { counted } from '../core/count-words.ts';
import type { SuiteSigns } from '../core/evidence-rules/suite-signs.ts';
import type { Counts, RedTest, SuiteResult } from '../core/record.ts';
import type { StoredArtifact } from '../ports/artifacts.ts';
import type { StepResult } from '../ports/journal.ts';
import type { StageRun } from '../ports/stage.ts';
import type { CommandEnd, SuiteCommand } from '../ports/tester.ts';
import { declaredHosts } from './declared-hosts.ts';
import type { StageParts } from './parts.ts';
import { notBegun, type RanSuite, readRan, runSuiteCommand, storedPieces } from './run-suite-command.ts';
import { servicesOf } from './scope.ts';
import { narrowingOf } from './selected-tests.ts';
import { type AttemptNames, attemptNames, type CommandRequest, suiteCommand } from './suite-command.ts';
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
  readonly reportProblem: string | null;
  readonly reportDoubts: readonly string[];
  readonly summaryProblem: string | null;
  /** Absent in attempts that an older loop journaled, as are `hosts` and `traceparent`. */
  readonly signs?: SuiteSigns;
  /** What it was given to talk to, and what the config declares besides. */
  readonly hosts?: readonly string[];
  readonly traceparent?: string;
  /** Ids of the tests that it was narrowed to; null or absent where it ran whole. */
  readonly narrowedTo?: readonly string[] | null;
  /** Why it ran whole though some tests were asked for. */
  readonly notNarrowed?: string | null;
  readonly split?: SuiteResult['split'];
  readonly passed: readonly string[];
  readonly red: readonly RedTest[];
  /** First the attempt's facts, then console output, then the report files. */
  readonly evidence: readonly string[];
}

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
}

/** Runs a suite once for its key. A crash in between voids the attempt: it runs again in a fresh folder. */
export function runSuite(request: SuiteRequest, parts: Parts, run: StageRun): Promise<SuiteAttempt> {
  const { suite, name } = request;
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
    const runOne = (one: CommandRequest) => runCommand(name, one.suite, suiteCommand(one), parts, run);
    const ran = tokens.ok
      ? await runSuiteCommand(work, runOne, run).finally(tokens.value.remove)
      : notBegun(work, tokens.failure);
    const report = await readRan(ran, {
      folder: reportFolder,
      patterns: [suite.report.path].flat(),
      root: request.cwd,
      startedAt,
      attempt: names.id,
      testsMin: suite.testsMin,
      redact: run.redact,
    });
    const hosts = declaredHosts(suite, request.urls, parts.environment);
    const selected = ran.narrowing.selected;
    const { argv } = suiteCommand(selected ? { ...command, selected } : command);
    const result = await attemptOf({ name, names, startedAt, ran, report, argv, hosts }, run);
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

async function attemptOf(
  facts: {
    name: string;
    names: AttemptNames;
    startedAt: Date;
    ran: RanSuite;
    report: Awaited<ReturnType<typeof readRan>>;
    argv: readonly string[];
    hosts: readonly string[];
  },
  run: StageRun,
): Promise<StepResult<SuiteAttempt>> {
  const { ran, report, name, names } = facts;
  const { end, split, narrowing } = ran;
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
    reportProblem: report.problem,
    reportDoubts: report.doubts,
    summaryProblem: report.summaryProblem,
    signs: report.signs,
    hosts: facts.hosts,
    traceparent: names.traceparent,
    narrowedTo: narrowing.tests,
    notNarrowed: narrowing.because,
    split,
    passed: report.passed,
    red: report.red,
  };
  const { counts } = attempt;
  const stored = { ...attempt, argv: facts.argv, userAgent: names.userAgent, pieces: storedPieces(ran, report) };
  const content = JSON.stringify(stored, null, 2);
  const only = narrowing.tests === null ? '' : `, narrowed to ${counted(narrowing.tests.length, 'test')}`;
  const excerpt = `exit code ${end.exitCode}, ${counts.passed} of ${counts.selected} passed, ${counts.failed + counts.errored} red${only}`;
  const artifacts: StoredArtifact[] = [
    await run.artifacts.put({ kind: 'attempt', source: `suite ${name}, attempt ${names.id}`, at, content, excerpt }),
    await run.artifacts.put({
      kind: 'console',
      source: `output of suite ${name}, attempt ${names.id}`,
      at,
      content: report.output,
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
