import { phaseConditions } from '../../analysis/measured-conditions.ts';
import { runningOrder } from '../../config/focus.ts';
import { sumCounts } from '../../core/counts.ts';
import { unexcusedRed } from '../../core/excused-tests.ts';
import { gateLostBefore, isUnfinished, mayBeginLater } from '../../core/flaky-budget.ts';
import { judgePhase } from '../../core/judge-phase.ts';
import type { PhaseResult, SuiteResult } from '../../core/record.ts';
import type { Stage, StageEnd, StageRun } from '../../ports/stage.ts';
import { evidenceText } from '../evidence-text.ts';
import { foreignChanges } from '../foreign-changes.ts';
import { judgedPlace } from '../judged-place.ts';
import { gateOverridden } from '../override-words.ts';
import type { StageParts } from '../parts.ts';
import { mixedTargets, serviceTargets } from '../service-targets.ts';
import type { SuiteParts } from '../suite-parts.ts';
import { problemOf } from '../trouble.ts';
import { runPhase } from './run-phase.ts';

type Parts = SuiteParts & Pick<StageParts, 'options' | 'override'>;

/** One phase: its suites, from the judged commit's worktree, then the proof that the server saw them, then the gate. */
export function testing(parts: Parts): Stage<'testing'> {
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
    const ran = await runPhase(
      { name: phase.name, gatePermille: phase.gatePermille, suites: runningOrder(phase), before },
      { ...targets, cwd: place.value.cwd },
      parts,
      run,
    );
    const suites = inOrder(phase, [...before, ...ran]);
    const conditions = await phaseConditions(phase.name, suites, parts.pipeline, run.record, evidenceText(run));
    const judged = judgePhase({ name: phase.name, thresholdPermille: phase.gatePermille, conditions }, suites);
    const foreign = await foreignChanges(parts, run);
    const gate = gateOf(judged);
    const goesOn = gate === 'met' || parts.override !== null;
    const phases = goesOn ? [judged] : [judged, ...notReached(phase.name, parts, run)];
    const red = redBefore(run) || suites.some((suite) => isRed(suite, run));
    const morePhases = run.task.phase + 1 < parts.selection.phases.length;
    const done = end(
      run,
      phases,
      { gate, red, morePhases, foreign: foreign.voids },
      foreign.voids ? `void: ${foreign.said}` : judged.reason,
      gate === 'met' && !foreign.voids,
    );
    const wentOn = gate !== 'met' && (morePhases || ranBehindLost(suites));
    const overridden = wentOn && parts.override !== null && !foreign.voids;
    const overrides = overridden ? overriddenNow(judged, parts, run) : run.record.overrides;
    return { ...done, patch: { ...done.patch, overrides, ...foreign.patch } };
  };
}

/** Whether a suite was begun although one before it had lost the phase already. */
function ranBehindLost(suites: readonly SuiteResult[]): boolean {
  const lost = suites.findIndex((one) => one.required && one.judgedBy === 'suite' && one.verdict === 'NO-GO');
  return lost !== -1 && suites.slice(lost + 1).some((one) => !one.invalidBecause.includes(gateLostBefore));
}

/** Said in the moment in which it happens, and kept at the top of the record. */
function overriddenNow(phase: PhaseResult, parts: Parts, run: StageRun): string[] {
  const words = gateOverridden(phase, parts, run.redact);
  run.note(words);
  return [...new Set([...run.record.overrides, words])];
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
  return phase && isUnfinished(phase) ? phase.suites.filter((suite) => !mayBeginLater(suite)) : [];
}

type Phase = SuiteParts['selection']['phases'][number];

function inOrder(phase: Phase, suites: readonly SuiteResult[]): SuiteResult[] {
  const place = (suite: SuiteResult) => phase.suites.findIndex(({ name }) => name === suite.name);
  return suites.toSorted((one, other) => place(one) - place(other));
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
