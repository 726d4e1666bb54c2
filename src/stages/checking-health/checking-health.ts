import { atMost } from '../../core/at-most.ts';
import { blankHealth } from '../../core/blank-rows.ts';
import { isDependencyDown, isReferenceHealthy, isServiceDown } from '../../core/health-rows.ts';
import { climb } from '../../core/ladder.ts';
import type { Deployment, Health } from '../../core/record.ts';
import type { ServiceFacts } from '../../ports/deployer.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import { checkHealth } from '../check-health.ts';
import { readServices } from '../deploy-revision.ts';
import { shareOf } from '../move-traffic.ts';
import type { StageParts } from '../parts.ts';
import { healthRung } from '../rung-facts.ts';
import { dependenciesInScope, dependenciesOf, servicesInScope, servicesOf } from '../scope.ts';
import { type ServiceTargets, serviceTargets } from '../service-targets.ts';
import { problemOf } from '../trouble.ts';
import { checkDependency } from './check-dependency.ts';
import { expectedVersion } from './expected-version.ts';
import { healthSentence, tellEach } from './health-words.ts';
import { askedAtOnceMax, type Preflight, preflight } from './preflight.ts';

type Parts = Pick<StageParts, 'environment' | 'pipeline' | 'selection' | 'deployer' | 'health' | 'sleep'>;

interface Down {
  readonly services: readonly string[];
  readonly dependencies: readonly string[];
}

/** Are the revisions that the suites will talk to really up, and what these need? Both sides are asked before anyone is blamed. */
export function checkingHealth(parts: Parts): Stage<'checkingHealth'> {
  return async (run) => {
    const time = preflight(parts.pipeline.health.preflightSeconds, run.signal);
    const services = await readServices(parts, time.whole);
    if (!services.ok) {
      const problems = [...run.record.problems, problemOf('checkingHealth', services.failure, true)];
      return {
        facts: { result: 'nothing-can-run', badRevisionHasTraffic: false },
        patch: { problems },
        said: services.failure.message,
        ok: false,
      };
    }
    const { health, down } = await ask(services.value, time, parts, run);
    tellEach(health, run);
    const patch = { health, deployments: run.record.deployments.map((one) => withRung(one, health)) };
    return {
      facts: {
        result: resultOf(down, health, parts),
        badRevisionHasTraffic: hasTraffic(down.services, health, services.value, run, parts),
      },
      patch,
      said: healthSentence(health, [...down.dependencies, ...down.services]),
      ok: down.services.length + down.dependencies.length === 0,
    };
  };
}

/** What was asked of a reference before its traffic was taken from it stays: it has no address of its own any more. */
function stays(one: Health, names: readonly string[], asked: readonly Health[]): boolean {
  if (!names.includes(one.service)) return true;
  return one.role === 'stable' && !asked.some((other) => other.service === one.service && other.role === 'stable');
}

async function ask(
  services: ReadonlyMap<string, ServiceFacts>,
  time: Preflight,
  parts: Parts,
  run: StageRun,
): Promise<{ health: Health[]; down: Down }> {
  const targets = serviceTargets(run.record, parts.environment, services);
  const names = servicesInScope(parts.selection, parts.environment.services).filter(
    (name) => !failedToDeploy(name, run.record.deployments),
  );
  const needed = dependenciesInScope(parts.selection, parts.environment);
  const sidesOf = (name: string) => ({ candidate: targets.candidate[name], stable: targets.stable[name] });
  const questions = [
    ...names.map((name) => () => askService(name, { targets, services, time }, parts, run)),
    ...needed.map((name) => () => checkDependency(name, sidesOf, time, parts, run)),
  ];
  const asked = (await atMost(askedAtOnceMax, questions, (question) => question())).flat();
  const kept = run.record.health.filter((one) => one.dependency === null && stays(one, names, asked));
  const health = [...kept, ...asked];
  const down = {
    services: names.filter((name) => isServiceDown(health, name)),
    dependencies: needed.filter((name) => isDependencyDown(health, name)),
  };
  return { health, down };
}

async function askService(
  name: string,
  at: { targets: ServiceTargets; services: ReadonlyMap<string, ServiceFacts>; time: Preflight },
  parts: Parts,
  run: StageRun,
): Promise<Health[]> {
  const key = `${run.key}/health`;
  const [candidate, stable] = [at.targets.candidate[name], at.targets.stable[name]];
  const facts = at.services.get(parts.environment.services[name]?.cloudRun ?? name);
  const expected = (role: 'candidate' | 'stable') => expectedVersion(name, role, run.record.deployments, facts);
  const askStable = async () =>
    stable
      ? checkHealth(
          { key, service: name, role: 'stable', url: stable, expected: expected('stable'), signal: at.time.whole },
          parts,
          run,
        )
      : [];
  if (!candidate) return stable ? askStable() : [nowhere(name, facts !== undefined)];
  const signal = stable ? at.time.candidate : at.time.whole;
  const answers = await checkHealth(
    { key, service: name, role: 'candidate', url: candidate, expected: expected('candidate'), signal },
    parts,
    run,
  );
  return answers.every((one) => one.ok) ? answers : [...answers, ...(await askStable())];
}

function nowhere(service: string, isThere: boolean): Health {
  const because = isThere
    ? 'the platform gives no address for it (default_uri_disabled?): tests under a tag need one, candidate: traffic needs the service’s own'
    : 'the platform has no such service';
  return { ...blankHealth, service, role: 'stable', target: 'address', ok: false, because };
}

function failedToDeploy(name: string, deployments: readonly Deployment[]): boolean {
  return deployments.some((one) => one.service === name && one.role === 'candidate' && one.failure !== null);
}

function resultOf(
  down: Down,
  health: readonly Health[],
  { selection, environment }: Parts,
): 'ok' | 'candidate-down' | 'nothing-can-run' {
  if (down.services.length + down.dependencies.length === 0) return 'ok';
  const sick = health.filter((one) => one.role === 'candidate' && !one.ok);
  if (sick.some((one) => isReferenceHealthy(health, one))) return 'candidate-down';
  const suites = selection.phases.flatMap((phase) => phase.suites.filter((suite) => suite.selected));
  const runnable = suites.filter(
    ({ config }) =>
      !servicesOf(config, environment.services).some((name) => down.services.includes(name)) &&
      !dependenciesOf(config, environment).some((name) => down.dependencies.includes(name)),
  );
  return runnable.length > 0 ? 'ok' : 'nothing-can-run';
}

/** First do no harm, to anyone: where the reference is not seen healthy, moving traffic to it helps nobody. */
function hasTraffic(
  down: readonly string[],
  health: readonly Health[],
  services: ReadonlyMap<string, ServiceFacts>,
  run: StageRun,
  parts: Parts,
): boolean {
  return down.some((name) => {
    const candidate = run.record.deployments.find((one) => one.service === name && one.role === 'candidate');
    const traffic = services.get(parts.environment.services[name]?.cloudRun ?? name)?.traffic ?? [];
    const sick = health.filter((one) => one.service === name && one.role === 'candidate' && !one.ok);
    const isWorse = sick.some((one) => isReferenceHealthy(health, one));
    return isWorse && candidate?.revision != null && shareOf(traffic, candidate.revision) > 0;
  });
}

function withRung(deployment: Deployment, health: readonly Health[]): Deployment {
  const own = health.filter((one) => one.service === deployment.service && one.role === deployment.role);
  return { ...deployment, ...climb(deployment, healthRung(own)) };
}
