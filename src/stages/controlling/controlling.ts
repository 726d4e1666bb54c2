import type { Control, SuiteResult } from '../../core/record.ts';
import type { ControlMeaning } from '../../core/words.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import { foreignChanges } from '../foreign-changes.ts';
import { judgedPlace } from '../judged-place.ts';
import { revisionUrl, serviceTargets } from '../service-targets.ts';
import type { SuiteParts } from '../suite-parts.ts';
import { problemOf } from '../trouble.ts';
import { controlSuite, type Reference } from './control-suite.ts';

/** Control before blame: each red suite again, k times on the candidate and on the reference, side by side in the same minute. */
export function controlling(parts: SuiteParts): Stage<'controlling'> {
  return async (run) => {
    const place = await judgedPlace(parts, run);
    if (!place.ok) {
      const problems = [...run.record.problems, problemOf('controlling', place.failure, false)];
      return {
        facts: { badRevisionHasTraffic: false, referenceGreen: false, foreign: false },
        patch: { problems },
        said: `no control was possible: ${place.failure.message}`,
        ok: false,
      };
    }
    const { services, cwd } = place.value;
    const targets = serviceTargets(run.record, parts.environment, services);
    const red = redSuites(run);
    const control: Control[] = [];
    for (const suite of red) {
      const reference = await referenceOf(suite, services, parts, run);
      const candidate = candidateRevision(suite, run);
      control.push(...(await controlSuite(suite, { candidate, reference, targets, cwd }, parts, run)));
    }
    const bad = control.filter((one) => one.means === 'revision');
    await rememberBad(bad, red, run);
    const serving = servingNow(services, parts);
    const foreign = await foreignChanges(parts, run);
    return {
      facts: {
        badRevisionHasTraffic: bad.some((one) => one.candidate !== null && serving.has(one.candidate.revision)),
        referenceGreen: bad.length > 0,
        foreign: foreign.voids,
      },
      patch: { control, ...foreign.patch },
      said: foreign.voids ? `void: ${foreign.said}` : sentence(control),
      ok: control.every((one) => one.means === 'not-reproduced'),
    };
  };
}

function redSuites(run: StageRun): SuiteResult[] {
  return run.record.phases.flatMap((phase) =>
    phase.suites.filter((suite) => suite.verdict !== 'INVALID' && suite.tests.length > 0),
  );
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
