import { phaseConditions } from '../../analysis/measured-conditions.ts';
import { excusesOf } from '../../config/excuses.ts';
import { runningOrder } from '../../config/focus.ts';
import type { SuiteConfig } from '../../config/pipeline.ts';
import { ruleModes } from '../../config/rule-modes.ts';
import { type Threshold, thresholdOf } from '../../config/suite-threshold.ts';
import { sumCounts } from '../../core/counts.ts';
import { type Excuse, excusedIn, gateCounts, unexcusedRed, withExcuses } from '../../core/excused-tests.ts';
import { gateLostBefore, isUnfinished } from '../../core/flaky-budget.ts';
import { isDependencyDown, ownHealth } from '../../core/health-rows.ts';
import { judgePhase } from '../../core/judge-phase.ts';
import { meetsGate } from '../../core/pass-rate.ts';
import type { PhaseResult, SuiteResult } from '../../core/record.ts';
import type { Stage, StageEnd, StageRun } from '../../ports/stage.ts';
import { evidenceText } from '../evidence-text.ts';
import { foreignChanges } from '../foreign-changes.ts';
import { judgedPlace } from '../judged-place.ts';
import { dependenciesOf, servicesOf } from '../scope.ts';
import { seenByServer } from '../seen-by-server.ts';
import { mixedTargets, serviceTargets } from '../service-targets.ts';
import { runSuite, type SuiteAttempt } from '../suite-attempt.ts';
import type { SuiteParts } from '../suite-parts.ts';
import { blockedSuite, expectedRevision, notReachedSuite, suiteResult, unprovenSuite } from '../suite-result.ts';
import { problemOf } from '../trouble.ts';
import { unsound } from '../unsound-attempt.ts';
import { collectSuite, type SuiteCollection, withCollection } from './collect-suite.ts';

/** One phase: its suites in order, from the judged commit's worktree, then the proof that the server saw them, then the gate. */
export function testing(parts: SuiteParts): Stage<'testing'> {
  return async (run) => {
    const phase = parts.selection.phases[run.task.phase];
    const nothing = { gate: 'invalid', red: false, morePhases: false, foreign: false } as const;
    if (!phase) return end(run, [], nothing, 'no suite is selected', false);
    const place = await judgedPlace(parts, run);
    if (!place.ok) {
      const problems = [...run.record.problems, problemOf('testing', place.failure, true)];
      return { facts: nothing, patch: { problems }, said: place.failure.message, ok: false };
    }
    const targets = mixedTargets(serviceTargets(run.record, parts.environment, place.value.services), 'candidate');
    const before = judgedBefore(phase.name, run);
    const suites = inOrder(phase, [
      ...before,
      ...(await runPhase(phase, { ...targets, cwd: place.value.cwd }, before, parts, run)),
    ]);
    const conditions = await phaseConditions(phase.name, suites, parts.pipeline, run.record, evidenceText(run));
    const judged = judgePhase({ name: phase.name, thresholdPermille: phase.gatePermille, conditions }, suites);
    const foreign = await foreignChanges(parts, run);
    const gate = gateOf(judged);
    const phases = gate === 'met' ? [judged] : [judged, ...notReached(phase.name, parts, run)];
    const red = redBefore(run) || suites.some((suite) => isRed(suite, run));
    const morePhases = run.task.phase + 1 < parts.selection.phases.length;
    const done = end(
      run,
      phases,
      { gate, red, morePhases, foreign: foreign.voids },
      foreign.voids ? `void: ${foreign.said}` : judged.reason,
      gate === 'met' && !foreign.voids,
    );
    return { ...done, patch: { ...done.patch, ...foreign.patch } };
  };
}

function gateOf(phase: PhaseResult): 'met' | 'not-met' | 'invalid' {
  if (phase.verdict === 'GO') return 'met';
  return phase.verdict === 'NO-GO' ? 'not-met' : 'invalid';
}

/** Red, not excused, and not controlled yet. */
function isRed(suite: SuiteResult, { record }: StageRun): boolean {
  const done = record.control.filter((one) => one.suite === suite.name).map(({ test }) => test);
  return suite.verdict !== 'INVALID' && unexcusedRed(suite).some(({ id }) => !done.includes(id));
}

/** A phase that the budget for flaky tests saved goes on: what was judged in it stays judged. */
function judgedBefore(name: string, { record }: StageRun): SuiteResult[] {
  const phase = record.phases.find((one) => one.name === name);
  return phase && isUnfinished(phase)
    ? phase.suites.filter((suite) => !suite.invalidBecause.includes(gateLostBefore))
    : [];
}

function inOrder(phase: Phase, suites: readonly SuiteResult[]): SuiteResult[] {
  const place = (suite: SuiteResult) => phase.suites.findIndex(({ name }) => name === suite.name);
  return suites.toSorted((one, other) => place(one) - place(other));
}

type Phase = SuiteParts['selection']['phases'][number];

async function runPhase(
  phase: Phase,
  at: { urls: Record<string, string>; roles: SuiteResult['roles']; cwd: string },
  before: readonly SuiteResult[],
  parts: SuiteParts,
  run: StageRun,
): Promise<SuiteResult[]> {
  const ran: {
    result: Parameters<typeof suiteResult>[0];
    needs: string[];
    tests: string[] | null;
    collection: SuiteCollection | null;
  }[] = [];
  const others: SuiteResult[] = [];
  let lost = false;
  for (const { name, config, tests } of runningOrder(phase)) {
    if (before.some((suite) => suite.name === name)) continue;
    const needs = servicesOf(config, parts.environment.services);
    const down =
      dependenciesOf(config, parts.environment).find((name) => isDependencyDown(run.record.health, name)) ??
      needs.find((service) => isDown(service, at.roles, run));
    const rules = thresholdOf(config, phase.gatePermille, parts.pipeline);
    const roles = Object.fromEntries(needs.map((service) => [service, at.roles[service] ?? 'stable']));
    if (down) others.push(blockedSuite(name, config, rules, roles, `${down} is not up`));
    else if (lost) others.push(notReachedSuite(name, config, rules, roles));
    else {
      const request = {
        key: `${run.key}/${phase.name}/${name}`,
        name,
        suite: config,
        urls: at.urls,
        cwd: at.cwd,
        tests,
      };
      const collection = await collectSuite(request, parts, run);
      if (collection !== null && collection.problem !== null) {
        others.push(withCollection(unprovenSuite(name, config, rules, roles, collection.problem), collection));
        continue;
      }
      run.progress(`${name}: running`);
      const attempt = await runSuite({ ...request, collected: collection?.count ?? null }, parts, run);
      ran.push({
        result: {
          name,
          config,
          attempt,
          rules,
          modes: ruleModes(config, parts.pipeline),
          roles,
          seen: null,
          seenProblem: null,
          seenEvidence: null,
        },
        needs,
        tests,
        collection,
      });
      lost = losesAlone(config, attempt, rules, excusesOf(name, parts.pipeline));
    }
  }
  const expected = ran
    .filter(({ result }) => result.config.evidence === 'server')
    .map(({ result }) => ({
      attempt: result.attempt,
      service: result.config.service,
      revision: expectedRevision(result.config.service, result.roles, run.record),
    }));
  const proof = await seenByServer(`${run.key}/${phase.name}/seen`, expected, parts, run);
  const results = ran.map(({ result, tests, collection }) => {
    const { attempt } = result;
    const seen = proof.seen[attempt.id] ?? null;
    const suite = suiteResult({ ...result, seen, seenProblem: proof.problem, seenEvidence: proof.evidence });
    const whole = { ...withCollection(suite, collection), narrowedTo: tests };
    return withExcuses(whole, attempt.passed, excusesOf(result.name, parts.pipeline));
  });
  return [...results, ...others];
}

/**
 * Whether a suite alone decides the phase: its own gate is lost, by evidence that holds. A phase's gate is a sum, so a suite
 * that is judged by it can be made up for by the ones behind it.
 */
export function losesAlone(
  config: Pick<SuiteConfig, 'require' | 'testsMin' | 'skippedMaxPermille'>,
  attempt: Pick<SuiteAttempt, 'counts' | 'red' | 'passed'> & Parameters<typeof unsound>[0],
  rules: Threshold,
  excuses: readonly Excuse[] = [],
): boolean {
  const { passed, selected } = gateCounts({ ...attempt, forgiven: [], excused: excusedIn(attempt, excuses) });
  if (!config.require || rules.judgedBy === 'phase' || unsound(attempt, config) !== null) return false;
  return !meetsGate(passed, selected, rules.thresholdPermille);
}

/** A candidate that came up but cannot be reached any more is not up: its suites would meet stable and prove nothing of it. */
function isDown(service: string, roles: SuiteResult['roles'], run: StageRun): boolean {
  const candidate = run.record.deployments.find((one) => one.service === service && one.role === 'candidate');
  if (candidate && (candidate.failure !== null || roles[service] !== 'candidate')) return true;
  const role = candidate ? 'candidate' : 'stable';
  return ownHealth(run.record.health, service, role).some((one) => !one.ok);
}

/** Later phases are told too: nothing of them was run, and the reader should not have to wonder. */
function notReached(after: string, parts: SuiteParts, run: StageRun): PhaseResult[] {
  return parts.selection.phases.slice(run.task.phase + 1).map((phase) => ({
    name: phase.name,
    verdict: null,
    thresholdPermille: phase.gatePermille,
    passRatePermille: null,
    lostAt: null,
    conditions: [],
    reason: `not run: phase ${after} did not meet its gate`,
    suites: [],
  }));
}

/** Red tests of an earlier phase whose gate was met are still to be controlled. */
function redBefore(run: StageRun): boolean {
  return run.record.phases.some((phase) => phase.suites.some((suite) => isRed(suite, run)));
}

function end(
  run: StageRun,
  judged: readonly PhaseResult[],
  facts: StageEnd<'testing'>['facts'],
  said: string,
  ok: boolean,
): StageEnd<'testing'> {
  const names = judged.map((phase) => phase.name);
  const phases = [...run.record.phases.filter((phase) => !names.includes(phase.name)), ...judged];
  return { facts, patch: { phases, ...totalsOf(phases) }, said, ok };
}

function totalsOf(phases: readonly PhaseResult[]) {
  return { totals: sumCounts(phases.flatMap((phase) => phase.suites.map((suite) => suite.counts))) };
}
