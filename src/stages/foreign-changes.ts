import type { Deployment, RunRecord } from '../core/record.ts';
import type { ServiceFacts } from '../ports/deployer.ts';
import type { StageRun } from '../ports/stage.ts';
import { readServices } from './deploy-revision.ts';
import type { StageParts } from './parts.ts';
import { servicesInScope } from './scope.ts';

type Parts = Pick<StageParts, 'environment' | 'selection' | 'deployer'>;
type Foreign = RunRecord['foreignChanges'];

/**
 * Law 11: what someone else did to a service in scope since this run read its revisions. A revision that this run made, or
 * traffic that it moved, is its own; what was told before is not told again. A platform that cannot be read here is left to the
 * next read that needs it.
 */
export async function foreignChanges(parts: Parts, run: StageRun): Promise<Foreign> {
  const services = await readServices(parts, run.signal);
  if (!services.ok) return [];
  const found: Foreign = [];
  // One instant for one look: what is found together is one change of the world.
  const at = run.now().toISOString();
  for (const name of servicesInScope(parts.selection, parts.environment.services)) {
    const stable = run.record.deployments.find((one) => one.service === name && one.role === 'stable');
    const facts = services.value.get(parts.environment.services[name]?.cloudRun ?? name);
    if (!stable || !facts) continue;
    const changes = [
      trafficChange(await expectedSplit(stable, run), facts),
      ...(await foreignRevisions(facts, parts, run)),
    ];
    for (const what of changes) if (what) found.push({ service: name, what, by: null, at, evidence: [] });
  }
  const told = new Set(run.record.foreignChanges.map((one) => one.what));
  return found.filter((one) => !told.has(one.what));
}

function trafficChange(was: string, facts: ServiceFacts): string | null {
  const is = split(facts.traffic);
  return was === is ? null : `its traffic changed from ${was} to ${is}`;
}

/** What the service should serve: what it did when this run read it, or what the run has moved it to since. */
async function expectedSplit(stable: Deployment, run: StageRun): Promise<string> {
  const read = await run.evidence(stable.evidence[0] ?? '');
  const moved = run.record.trafficMoves.findLast(
    (move) => move.service === stable.service && Date.parse(move.at) >= Date.parse(read?.at ?? ''),
  );
  return split(moved ? [{ revision: moved.to, percent: 100 }] : stable.traffic);
}

async function foreignRevisions(facts: ServiceFacts, parts: Parts, run: StageRun): Promise<string[]> {
  const revisions = await parts.deployer.revisions(facts.name, run.signal);
  if (!revisions.ok) return [];
  const since = Date.parse(run.record.run.startedAt);
  // What served when this run read its revisions was not made under its feet.
  const known = new Set(run.record.deployments.map((one) => one.revision));
  return revisions.value
    .filter((one) => Date.parse(one.createdAt) > since && one.madeBy !== run.record.run.id && !known.has(one.name))
    .map((one) => `a revision that this run did not make appeared: ${one.name}`);
}

function split(traffic: readonly { revision: string | null; percent: number }[]): string {
  const shares = traffic.filter((one) => one.percent > 0).map((one) => `${one.revision ?? 'latest'} ${one.percent} %`);
  return shares.sort().join(', ') || 'nothing';
}
