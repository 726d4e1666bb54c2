import { excusesOf } from '../../config/excuses.ts';
import type { PipelineConfig, SuiteConfig } from '../../config/pipeline.ts';
import { ruleModes } from '../../config/rule-modes.ts';
import { type Threshold, thresholdOf } from '../../config/suite-threshold.ts';
import { denominatorMin } from '../../core/counts.ts';
import { testsFloor } from '../../core/evidence-rules/floor.ts';
import { withExcuses } from '../../core/excused-tests.ts';
import { stoppedBeside } from '../../core/flaky-budget.ts';
import { isDependencyDown, ownHealth } from '../../core/health-rows.ts';
import type { SuiteResult } from '../../core/record.ts';
import { plain } from '../../ports/journal.ts';
import type { StageRun } from '../../ports/stage.ts';
import { type HeldAgainst, heldAgainst } from '../held-against.ts';
import type { StageParts } from '../parts.ts';
import { dependenciesOf, servicesOf } from '../scope.ts';
import { seenByServer } from '../seen-by-server.ts';
import { narrowingOf } from '../selected-tests.ts';
import { runSuite, type SuiteAttempt } from '../suite-attempt.ts';
import type { SuiteParts } from '../suite-parts.ts';
import { blockedSuite, expectedRevision, notReachedSuite, suiteResult, unprovenSuite } from '../suite-result.ts';
import { withPipelineRules } from '../unsound-attempt.ts';
import { collectSuite, type SuiteCollection, withCollection } from './collect-suite.ts';
import { losesAlone, losesPhase, stopOnNoGo } from './gate-lost.ts';
import { runInOrder } from './run-in-order.ts';

interface RunnableSuite {
  readonly name: string;
  readonly config: SuiteConfig;
  /** Ids of the tests that the focus narrows it to; null for all. */
  readonly tests: readonly string[] | null;
}

interface RunnablePhase {
  readonly name: string;
  readonly gatePermille: number | null;
  /** In the order to run in. */
  readonly suites: readonly RunnableSuite[];
  /** Judged in an earlier visit of the phase, which goes on. */
  readonly before: readonly SuiteResult[];
}

type Parts = SuiteParts & Pick<StageParts, 'override'>;

interface Place {
  readonly urls: Record<string, string>;
  readonly roles: SuiteResult['roles'];
  readonly cwd: string;
}

/** One suite of the phase, with all that it is judged by. */
interface Planned extends RunnableSuite {
  readonly rules: Threshold;
  readonly roles: SuiteResult['roles'];
  /** What is not up, so that it cannot be run. */
  readonly down: string | null;
  readonly excuses: ReturnType<typeof excusesOf>;
  readonly known: HeldAgainst;
  /** How many tests it has, told before any suite of the phase ran. */
  readonly collection: SuiteCollection | null;
}

/**
 * The suites of a phase, as many at once as the pipeline allows. Once a gate is lost nothing more is begun; what runs ends by itself,
 * because its failures are evidence, unless it says otherwise; with `--override` everything is begun. Then the server is asked what it saw of them.
 */
export async function runPhase(phase: RunnablePhase, at: Place, parts: Parts, run: StageRun): Promise<SuiteResult[]> {
  const planned: Planned[] = [];
  for (const suite of phase.suites.filter(({ name }) => !phase.before.some((one) => one.name === name)))
    planned.push(await plan(suite, phase, at, parts, run));
  const ready = planned.filter(({ down, collection }) => down === null && !collection?.problem);
  const attempts = await runSuites(phase, ready, at, parts, run);
  const proof = await seen(phase.name, ready, at, attempts, parts, run);
  return planned.map((suite) => {
    const { name, config, rules, roles, down, excuses, collection } = suite;
    const tests = testsKnown(suite);
    if (down !== null) return blockedSuite(name, config, rules, roles, `${down} is not up`, tests);
    if (collection?.problem)
      return withCollection(unprovenSuite(name, config, rules, roles, collection.problem, tests), collection);
    const attempt = attempts.get(name);
    if (attempt === undefined) return withCollection(notReachedSuite(name, config, rules, roles, tests), collection);
    const result = suiteResult({
      ...suite,
      attempt,
      modes: ruleModes(config, parts.pipeline),
      seen: proof.seen[attempt.id] ?? null,
      seenProblem: proof.problem,
      seenEvidence: proof.evidence,
      health: run.record.health,
    });
    return withExcuses(withCollection(result, collection), attempt.passed, excuses);
  });
}

/** How many tests a suite has that did not run: those that it was narrowed to, else collected, declared, or those of its last good run. */
function testsKnown({ config, tests, collection, known }: Planned): number {
  const narrowed = narrowingOf(config, tests).tests;
  if (narrowed !== null) return narrowed.length;
  const floor = testsFloor({ testsMin: config.testsMin, lastGood: known.lastGood });
  return denominatorMin(floor, collection?.count ?? null);
}

async function plan(
  suite: RunnableSuite,
  phase: RunnablePhase,
  at: Place,
  parts: SuiteParts,
  run: StageRun,
): Promise<Planned> {
  const { name, config, tests } = suite;
  const { environment, pipeline } = parts;
  const key = `${run.key}/${phase.name}/${name}`;
  const needs = servicesOf(config, environment.services);
  const dependency = dependenciesOf(config, environment).find((one) => isDependencyDown(run.record.health, one));
  const down = dependency ?? needs.find((service) => isDown(service, at.roles, run)) ?? null;
  // Where the runner cannot be told which tests to run, all of them do, and are counted.
  const narrowed = narrowingOf(config, tests).tests;
  const request = { key, name, suite: config, urls: at.urls, cwd: at.cwd, tests: narrowed };
  return {
    ...suite,
    rules: thresholdOf(config, phase.gatePermille, pipeline),
    roles: Object.fromEntries(needs.map((service) => [service, at.roles[service] ?? 'stable'])),
    down,
    excuses: excusesOf(name, pipeline),
    known: await heldAgainst(`${key}/held-against`, { name, config }, parts, run),
    collection: down === null ? await collectSuite(request, parts, run) : null,
  };
}

/** The attempts by suite; those that were not begun are missing. */
async function runSuites(
  phase: RunnablePhase,
  suites: readonly Planned[],
  at: Place,
  parts: Parts,
  run: StageRun,
): Promise<Map<string, SuiteAttempt>> {
  const attempts = new Map<string, SuiteAttempt>();
  const lost = new AbortController();
  const isLost = () =>
    losesPhase(
      phase.gatePermille,
      suites.filter(isSummed).map((suite) => ({ ...suite, ...endOf(suite, attempts, parts.pipeline) })),
    );
  const work = async (suite: Planned): Promise<void> => {
    const { name, config, tests, collection, rules, excuses, known } = suite;
    const key = `${run.key}/${phase.name}/${name}`;
    // What was begun once is begun again, or comes back: which gate was lost by then is a matter of time.
    if (!(await run.journal.step(`${key}/begin`, { name }, async () => plain(!lost.signal.aborted)))) return;
    run.progress(`${name}: running`);
    const count = collection?.count ?? null;
    const attempt = await runSuite(
      {
        key,
        name,
        suite: config,
        urls: at.urls,
        cwd: at.cwd,
        tests,
        collected: count,
        testsFloor: testsFloor({ testsMin: config.testsMin, lastGood: known.lastGood }),
        onNoGo: parts.override === null ? stopOnNoGo({ ...suite, collected: count }, lost.signal) : null,
      },
      parts,
      run,
    );
    attempts.set(name, attempt);
    if (lost.signal.aborted || parts.override !== null) return;
    const alone = losesAlone(believedBy(suite, parts.pipeline), attempt, rules, excuses);
    if (alone || isLost()) lost.abort(`${stoppedBeside} ${name}, which ended beside it`);
  };
  const { parallel } = parts.pipeline.running;
  await runInOrder({ items: suites, parallel, isExclusive: ({ config }) => config.exclusive, work });
  return attempts;
}

function endOf(suite: Planned, attempts: ReadonlyMap<string, SuiteAttempt>, pipeline: PipelineConfig) {
  return {
    config: believedBy(suite, pipeline),
    attempt: attempts.get(suite.name) ?? null,
    collected: suite.collection?.count ?? null,
  };
}

function believedBy({ config, known }: Planned, pipeline: PipelineConfig) {
  return { ...withPipelineRules(config, pipeline), lastGood: known.lastGood };
}

function isSummed({ config, rules }: Planned): boolean {
  return config.require || rules.judgedBy === 'phase';
}

function seen(
  phase: string,
  suites: readonly Planned[],
  at: Place,
  attempts: ReadonlyMap<string, SuiteAttempt>,
  parts: SuiteParts,
  run: StageRun,
): ReturnType<typeof seenByServer> {
  const expected = suites.flatMap(({ name, config, roles }) => {
    const attempt = attempts.get(name);
    if (attempt === undefined || config.evidence !== 'server') return [];
    const { service } = config;
    const given = ruleModes(config, parts.pipeline)['tests-seen'] === 'off' ? {} : { given: Object.keys(at.urls) };
    return [{ attempt, service, revision: expectedRevision(service, roles, run.record), ...given }];
  });
  // No suite can have this name: the key is the phase's own.
  return seenByServer(`${run.key}/${phase}/seen by server`, expected, parts, run);
}

/** A candidate that came up but cannot be reached any more is not up: its suites would meet stable and prove nothing of it. */
function isDown(service: string, roles: SuiteResult['roles'], run: StageRun): boolean {
  const candidate = run.record.deployments.find((one) => one.service === service && one.role === 'candidate');
  if (candidate && (candidate.failure !== null || roles[service] !== 'candidate')) return true;
  const role = candidate ? 'candidate' : 'stable';
  return ownHealth(run.record.health, service, role).some((one) => !one.ok);
}
