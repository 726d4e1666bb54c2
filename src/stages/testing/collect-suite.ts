import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SuiteConfig } from '../../config/pipeline.ts';
import { type Collection, readCollection } from '../../core/collection.ts';
import type { SuiteResult } from '../../core/record.ts';
import { cut } from '../../core/visible-text.ts';
import { proven } from '../../ports/journal.ts';
import type { StageRun } from '../../ports/stage.ts';
import type { CommandEnd } from '../../ports/tester.ts';
import { servicesOf } from '../scope.ts';
import { attemptNames, suiteCommand } from '../suite-command.ts';
import type { SuiteParts } from '../suite-parts.ts';
import { suiteTokens } from '../suite-tokens.ts';

/** How many tests a suite has, told before any of them ran. Plain JSON, kept in the journal. */
export interface SuiteCollection {
  /** Null where `problem` says why nobody knows. */
  readonly count: number | null;
  readonly problem: string | null;
  readonly evidence: string;
}

type CollectRule = NonNullable<SuiteConfig['collect']>;

const outputBytesMax = 8 * 1024 * 1024;
const graceMs = 2_000;
const saidCharsMax = 300;

/**
 * Counts a suite's tests by its `collect:` command, with the environment that the suite itself gets. Null where it has none, and
 * where it is narrowed: the count of all tests is no denominator of some of them.
 */
export async function collectSuite(
  request: {
    key: string;
    name: string;
    suite: SuiteConfig;
    urls: Readonly<Record<string, string>>;
    cwd: string;
    tests: readonly string[] | null;
  },
  parts: SuiteParts,
  run: StageRun,
): Promise<SuiteCollection | null> {
  const { name, suite } = request;
  const { collect } = suite;
  if (collect === undefined || request.tests !== null) return null;
  const key = `${request.key}/collect`;
  return run.journal.step<SuiteCollection>(key, { name, collect }, async () => {
    run.progress(`${name}: collecting its tests`);
    const { argv, end } = await runCollect({ ...request, key, collect }, parts, run);
    const read = judgeCollect(end, collect, run);
    const { how, exitCode, message, startedAt } = end;
    const result = read.ok ? { count: read.count, problem: null } : { count: null, problem: read.problem };
    const printed = { stdout: textOf(end.stdout), ...(read.ok ? {} : { output: textOf(end.output) }) };
    const facts = { suite: name, argv, how, exitCode, message, startedAt, durationMs: Math.round(end.durationMs) };
    const artifact = await run.artifacts.put({
      kind: 'collection',
      source: `collection of suite ${name}`,
      at: run.now().toISOString(),
      content: JSON.stringify({ ...facts, collect, ...result, tests: read.ok ? read.tests : [], ...printed }, null, 2),
      excerpt: read.ok ? `${read.count} collected` : read.problem,
    });
    return proven(artifact, (evidence) => ({ ...result, evidence }));
  });
}

/** What was counted stands beside what was run, with its evidence. */
export function withCollection(suite: SuiteResult, collection: SuiteCollection | null): SuiteResult {
  if (collection === null) return suite;
  const { count, evidence } = collection;
  const collected = count === null ? null : { count, evidence: [evidence] };
  return { ...suite, collected, evidence: [...suite.evidence, evidence] };
}

async function runCollect(
  request: Parameters<typeof collectSuite>[0] & { readonly collect: CollectRule },
  parts: SuiteParts,
  run: StageRun,
): Promise<{ argv: readonly string[]; end: CommandEnd }> {
  const { suite, collect } = request;
  const names = attemptNames({ run: run.record.run.id, key: request.key, version: parts.version });
  const folder = join(run.folder, 'attempts', names.id);
  const [reportFolder, homeFolder] = [join(folder, 'report'), join(folder, 'home')];
  await rm(folder, { recursive: true, force: true });
  await mkdir(reportFolder, { recursive: true });
  await mkdir(homeFolder, { recursive: true });
  const services = servicesOf(suite, parts.environment.services);
  const tokens = await suiteTokens({ services, folder }, parts, run);
  const command = suiteCommand({
    ...request,
    suite: { ...suite, run: collect.run, shell: false },
    run: run.record.run.id,
    names,
    tokenFiles: tokens.ok ? tokens.value.files : {},
    reportFolder,
    homeFolder,
    path: parts.path,
  });
  const limits = { timeoutMs: collect.timeoutSeconds * 1000, graceMs, outputBytesMax };
  try {
    const end = tokens.ok
      ? await parts.tester.run({ ...command, limits, onStart: (group) => run.startedProcess(group) }, run.signal)
      : notStarted(tokens.failure.message, run);
    return { argv: command.argv, end };
  } finally {
    if (tokens.ok) await tokens.value.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

function notStarted(message: string, run: StageRun): CommandEnd {
  const nothing = { exitCode: null, signal: null, durationMs: 0, peakRssBytes: null, outputTruncated: false };
  const startedAt = run.now().toISOString();
  return { ...nothing, how: 'not-started', message, startedAt, output: new Uint8Array(), stdout: new Uint8Array() };
}

/** A list that was not printed to its end is none. */
function judgeCollect(end: CommandEnd, collect: CollectRule, run: Pick<StageRun, 'redact'>): Collection {
  const failed = (because: string) => ({ ok: false, problem: `collection failed: ${because}` }) as const;
  if (end.how !== 'exited') return failed(end.message ?? end.how);
  if (end.exitCode !== 0) {
    const said = cut(run.redact(lastLine(textOf(end.output))), saidCharsMax).text;
    const how = end.exitCode === null ? (end.message ?? 'it was killed') : `exit code ${end.exitCode}`;
    return failed(said === '' ? how : `${how}: ${said}`);
  }
  if (end.outputTruncated) return failed(`it printed more than ${outputBytesMax / (1024 * 1024)} MiB`);
  return readCollection(textOf(end.stdout), collect);
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
