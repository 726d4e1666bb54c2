import { fingerprintOf } from '../../analysis/fingerprint.ts';
import { isDependencyDown } from '../../core/health-rows.ts';
import type { Cause, Health } from '../../core/record.ts';
import type { StageRun } from '../../ports/stage.ts';
import { bareCause } from './bare-cause.ts';

/** The environment is not up: one cause for each dependency that is down, else one; no suspect, nothing to fix by a commit. */
export function blockedCauses(run: StageRun): Cause[] {
  const { health } = run.record;
  const named = [...new Set(health.flatMap((one) => one.dependency ?? []))];
  const down = named.filter((name) => isDependencyDown(health, name));
  return down.length > 0 ? down.map((name) => dependencyCause(name, health)) : [environmentCause(run)];
}

/** Services that are sick with it are not told apart: what they need explains them, and has the one issue. */
function dependencyCause(name: string, health: readonly Health[]): Cause {
  const rows = health.filter((one) => one.dependency === name && !one.ok);
  const evidence = rows.flatMap((one) => one.evidence);
  const tellers = [...new Set(rows.map((one) => one.service))].filter((service) => service !== name);
  const by = tellers.length === 0 ? '' : `, says ${tellers.join(', ')}`;
  return {
    ...bareCause(fingerprintOf(['environment', name, 'dependency']), 'environment', `${name} is down${by}`),
    services: tellers,
    whys: [
      why('Why could nothing be judged?', `The dependency ${name} is down.`, evidence),
      ...rows.map((one) => why(`Who says so?`, `${sideOf(one)}: ${one.because}`, one.evidence)),
      why(
        'Did this revision bring the fault?',
        tellers.length === 0
          ? 'No: it was asked by itself, and is no part of any revision.'
          : `No: it is down on every side that was asked (${rows.map((one) => one.role).join(', ')}).`,
        evidence,
      ),
      why('Why is it down?', 'Not known: no fact tells it.', []),
    ],
  };
}

function sideOf({ service, dependency, role, target }: Health): string {
  return service === dependency ? target : `${service} (${role}), ${target}`;
}

function environmentCause(run: StageRun): Cause {
  const sick = run.record.health.filter((one) => !one.ok);
  const refused = run.record.deployments.filter((one) => one.failure !== null);
  const evidence = [...sick, ...refused].flatMap((one) => one.evidence);
  const reason = run.record.verdict?.reason ?? 'the environment is not up';
  const service = sick[0]?.service ?? refused[0]?.service ?? null;
  const code = refused[0]?.failure?.code ?? run.record.problems.find((one) => one.blocks)?.code ?? 'down';
  return {
    ...bareCause(fingerprintOf(['environment', service ?? '', code]), classOf(code), reason),
    services: service ? [service] : [],
    whys: [
      why('Why could nothing be judged?', reason, evidence),
      why('Why is it down?', 'Not known: no fact tells it.', []),
    ],
  };
}

/** What our own settings asked for is mended in the settings. */
function classOf(code: string): 'config' | 'environment' {
  return code === 'config' || code === 'usage' ? 'config' : 'environment';
}

function why(question: string, claim: string, evidence: readonly string[]): Cause['whys'][number] {
  return { question, claim, status: evidence.length > 0 ? 'supported' : 'unknown', evidence: [...evidence] };
}
