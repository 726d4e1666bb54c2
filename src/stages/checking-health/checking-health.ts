import { blankHealth } from '../../core/blank-rows.ts';
import { counted } from '../../core/count-words.ts';
import { climb } from '../../core/ladder.ts';
import type { Deployment, Health } from '../../core/record.ts';
import type { ServiceFacts } from '../../ports/deployer.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import { checkHealth } from '../check-health.ts';
import { readServices } from '../deploy-revision.ts';
import type { StageParts } from '../parts.ts';
import { healthRung } from '../rung-facts.ts';
import { servicesInScope, servicesOf } from '../scope.ts';
import { serviceTargets } from '../service-targets.ts';
import { problemOf } from '../trouble.ts';

type Parts = Pick<StageParts, 'environment' | 'pipeline' | 'selection' | 'deployer' | 'health' | 'sleep'>;

/** Are the revisions that the suites will talk to really up? Both sides are asked before anyone is blamed. */
export function checkingHealth(parts: Parts): Stage<'checkingHealth'> {
  return async (run) => {
    const services = await readServices(parts, run.signal);
    if (!services.ok) {
      const problems = [...run.record.problems, problemOf('checkingHealth', services.failure, true)];
      return {
        facts: { result: 'nothing-can-run', badRevisionHasTraffic: false },
        patch: { problems },
        said: services.failure.message,
        ok: false,
      };
    }
    const targets = serviceTargets(run.record, parts.environment, services.value);
    const names = servicesInScope(parts.selection, parts.environment.services).filter(
      (name) => !failedToDeploy(name, run.record.deployments),
    );
    const asked = await Promise.all(
      names.map((name) => ask(name, targets.candidate[name], targets.stable[name], parts, run)),
    );
    const health = [...run.record.health.filter((one) => !names.includes(one.service)), ...asked.flat()];
    const down = names.filter((name) => isDown(name, health));
    const result = resultOf(down, health, parts);
    const patch = { health, deployments: run.record.deployments.map((one) => withRung(one, health)) };
    return {
      facts: { result, badRevisionHasTraffic: hasTraffic(down, health, services.value, run, parts) },
      patch,
      said: sentence(health, down),
      ok: down.length === 0,
    };
  };
}

async function ask(
  name: string,
  candidate: string | undefined,
  stable: string | undefined,
  parts: Parts,
  run: StageRun,
): Promise<Health[]> {
  const key = `${run.key}/health`;
  if (!candidate)
    return stable ? checkHealth({ key, service: name, role: 'stable', url: stable }, parts, run) : [nowhere(name)];
  const answers = await checkHealth({ key, service: name, role: 'candidate', url: candidate }, parts, run);
  if (answers.every((one) => one.ok) || !stable) return answers;
  return [...answers, ...(await checkHealth({ key, service: name, role: 'stable', url: stable }, parts, run))];
}

function nowhere(service: string): Health {
  const because = 'the platform has no such service, or gives no address for it';
  return { ...blankHealth, service, role: 'stable', target: 'address', ok: false, because };
}

function failedToDeploy(name: string, deployments: readonly Deployment[]): boolean {
  return deployments.some((one) => one.service === name && one.role === 'candidate' && one.failure !== null);
}

/** Down is what the suites would talk to: the candidate where there is one. */
function isDown(name: string, health: readonly Health[]): boolean {
  const of = health.filter((one) => one.service === name);
  const role = of.some((one) => one.role === 'candidate') ? 'candidate' : 'stable';
  return of.some((one) => one.role === role && !one.ok);
}

function resultOf(
  down: readonly string[],
  health: readonly Health[],
  parts: Parts,
): 'ok' | 'candidate-down' | 'nothing-can-run' {
  if (down.length === 0) return 'ok';
  const candidateOnly = down.some((name) => {
    const reference = health.filter((one) => one.service === name && one.role === 'stable');
    return reference.length > 0 && reference.every((one) => one.ok);
  });
  if (candidateOnly) return 'candidate-down';
  const suites = parts.selection.phases.flatMap((phase) => phase.suites.filter((suite) => suite.selected));
  const runnable = suites.filter(
    (suite) => !servicesOf(suite.config, parts.environment.services).some((name) => down.includes(name)),
  );
  return runnable.length > 0 ? 'ok' : 'nothing-can-run';
}

function hasTraffic(
  down: readonly string[],
  health: readonly Health[],
  services: ReadonlyMap<string, ServiceFacts>,
  run: StageRun,
  parts: Parts,
): boolean {
  return down.some((name) => {
    const candidate = run.record.deployments.find((one) => one.service === name && one.role === 'candidate');
    const serving = services.get(parts.environment.services[name]?.cloudRun ?? name)?.serving;
    const sick = health.some((one) => one.service === name && one.role === 'candidate' && !one.ok);
    return sick && candidate?.revision !== undefined && candidate.revision === serving;
  });
}

function withRung(deployment: Deployment, health: readonly Health[]): Deployment {
  const own = health.filter((one) => one.service === deployment.service && one.role === deployment.role);
  return { ...deployment, ...climb(deployment, healthRung(own)) };
}

function sentence(health: readonly Health[], down: readonly string[]): string {
  if (down.length === 0)
    return `${counted(health.length, 'endpoint')} answered and ${health.length === 1 ? 'is' : 'are'} healthy`;
  const first = health.find((one) => !one.ok);
  return `${down.join(', ')} not healthy: ${first?.because}`;
}
