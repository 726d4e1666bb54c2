import { unexcusedRed } from '../../core/excused-tests.ts';
import { forgiveFlaky, isUnfinished } from '../../core/flaky-budget.ts';
import type { StageFacts } from '../../core/loop-context.ts';
import type { Control, PhaseResult, RedTest, SuiteResult } from '../../core/record.ts';
import type { ControlMeaning } from '../../core/words.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import { foreignChanges } from '../foreign-changes.ts';
import { judgedPlace } from '../judged-place.ts';
import type { StageParts } from '../parts.ts';
import { revisionUrl, serviceTargets } from '../service-targets.ts';
import type { SuiteParts } from '../suite-parts.ts';
import { problemOf } from '../trouble.ts';
import { askDependenciesAgain } from './ask-dependencies.ts';
import type { Reference } from './control-round.ts';
import { controlSuite } from './control-suite.ts';

/** Control before blame: each red suite again, k times on the candidate and on the reference, side by side in the same minute. */
export function controlling(parts: SuiteParts & Pick<StageParts, 'health'>): Stage<'controlling'> {
  return async (run) => {
    const place = await judgedPlace(parts, run);
    if (!place.ok) {
      const problems = [...run.record.problems, problemOf('controlling', place.failure, false)];
      return {
        facts: {
          badRevisionHasTraffic: false,
          referenceGreen: false,
          foreign: false,
          gate: 'not-met',
          morePhases: false,
        },
        patch: { problems },
        said: `no control was possible: ${place.failure.message}`,
        ok: false,
      };
    }
    const { services, cwd } = place.value;
    const targets = serviceTargets(run.record, parts.environment, services);
    const red = redSuites(run);
    const fresh: Control[] = [];
    for (const { suite, tests } of red) {
      const reference = await referenceOf(suite, services, parts, run);
      const candidate = candidateRevision(suite, run);
      fresh.push(...(await controlSuite(suite, tests, { candidate, reference, targets, cwd }, parts, run)));
    }
    const control = [...run.record.control, ...fresh];
    const bad = control.filter((one) => one.means === 'revision');
    await rememberBad(
      bad,
      run.record.phases.flatMap(({ suites }) => suites),
      run,
    );
    const health = await askDependenciesAgain(fresh, targets, parts, run);
    const phases = forgiveFlaky(run.record.phases, control, parts.pipeline.flakyBudget);
    const serving = servingNow(services, parts);
    const foreign = await foreignChanges(parts, run);
    return {
      facts: {
        badRevisionHasTraffic: bad.some((one) => one.candidate !== null && serving.has(one.candidate.revision)),
        referenceGreen: bad.length > 0,
        foreign: foreign.voids,
        ...goingOn(phases, parts, run),
      },
      patch: { control, phases, health, ...foreign.patch },
      said: foreign.voids ? `void: ${foreign.said}` : `${sentence(fresh)}${forgivenWords(phases)}`,
      ok: fresh.every((one) => one.means === 'not-reproduced'),
    };
  };
}

/** Whether testing goes on: the budget for flaky tests may have saved the gate that seemed lost. */
function goingOn(
  phases: readonly PhaseResult[],
  parts: SuiteParts,
  run: StageRun,
): Pick<StageFacts['controlling'], 'gate' | 'morePhases'> {
  const name = parts.selection.phases[run.task.phase]?.name;
  const phase = phases.find((one) => one.name === name);
  const morePhases = run.task.phase + 1 < parts.selection.phases.length;
  if (phase && isUnfinished(phase)) return { gate: 'unfinished', morePhases };
  return { gate: phase?.verdict === 'GO' ? 'met' : 'not-met', morePhases };
}

function forgivenWords(phases: readonly PhaseResult[]): string {
  const forgiven = phases.flatMap(({ suites }) => suites.flatMap((suite) => suite.forgiven));
  return forgiven.length === 0 ? '' : `; counted as passed within the budget for flaky tests: ${forgiven.join(', ')}`;
}

/** Red tests without a control yet; what the pipeline excuses needs none. */
function redSuites({ record }: StageRun): { suite: SuiteResult; tests: RedTest[] }[] {
  const done = new Set(record.control.map(({ suite, test }) => JSON.stringify([suite, test])));
  return record.phases
    .flatMap((phase) => phase.suites.filter((suite) => suite.verdict !== 'INVALID'))
    .map((suite) => ({
      suite,
      tests: unexcusedRed(suite).filter(({ id }) => !done.has(JSON.stringify([suite.name, id]))),
    }))
    .filter(({ tests }) => tests.length > 0);
}

/** The last revision with a recorded GO, else the one that served before; null when it cannot be told from the candidate or reached. */
async function referenceOf(
  suite: SuiteResult,
  services: Parameters<typeof serviceTargets>[2],
  parts: SuiteParts,
  run: StageRun,
): Promise<Reference | null> {
  const facts = services.get(parts.environment.services[suite.service]?.cloudRun ?? suite.service);
  const tested = candidateRevision(suite, run);
  const served =
    run.record.deployments.find((one) => one.service === suite.service && one.role === 'stable')?.revision ?? null;
  const good = await run.memory.goodRevision(suite.service);
  for (const revision of [good?.revision ?? null, served]) {
    const url = facts && revision && revision !== tested ? revisionUrl(facts, revision) : null;
    if (url && revision) return { revision, url };
  }
  return null;
}

function candidateRevision(suite: SuiteResult, run: StageRun): string | null {
  const role = suite.roles[suite.service] ?? 'stable';
  return run.record.deployments.find((one) => one.service === suite.service && one.role === role)?.revision ?? null;
}

async function rememberBad(bad: readonly Control[], suites: readonly SuiteResult[], run: StageRun): Promise<void> {
  for (const one of bad) {
    const service = suites.find((suite) => suite.name === one.suite)?.service;
    if (!service || !one.candidate) continue;
    const because = `${one.test} in ${one.suite}: ${one.candidate.runs} here, ${one.reference?.runs} on ${one.reference?.revision}`;
    await run.memory.rememberBad({
      service,
      revision: one.candidate.revision,
      run: run.record.run.id,
      at: run.now().toISOString(),
      because,
    });
  }
}

/** Every revision with a share of somebody's traffic, however small. */
function servingNow(services: Parameters<typeof serviceTargets>[2], parts: SuiteParts): Set<string> {
  const all = Object.values(parts.environment.services).flatMap(({ cloudRun }) => {
    const shares = services.get(cloudRun)?.traffic ?? [];
    return shares.flatMap(({ revision, percent }) => (revision !== null && percent > 0 ? [revision] : []));
  });
  return new Set(all);
}

function sentence(control: readonly Control[]): string {
  const count = (means: ControlMeaning) => control.filter((one) => one.means === means).length;
  const words: Record<ControlMeaning, string> = {
    revision: 'red on the candidate and green on the reference',
    'environment-or-older': 'red on both',
    flaky: 'mixed',
    'not-reproduced': 'not red again',
    impossible: 'without a control',
  };
  const parts = (Object.keys(words) as ControlMeaning[])
    .filter((means) => count(means) > 0)
    .map((means) => `${count(means)} ${words[means]}`);
  const sample = control.find((one) => one.means === 'revision');
  return `${parts.join(', ')}${sample ? ` (${sample.candidate?.runs}/${sample.reference?.runs})` : ''}`;
}
