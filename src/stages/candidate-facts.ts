import { resolveServiceEnv } from '../config/service-env.ts';
import { atMost } from '../core/at-most.ts';
import { blankDeployment } from '../core/blank-rows.ts';
import { counted } from '../core/count-words.ts';
import { climb, type RungFact } from '../core/ladder.ts';
import type { Deployment } from '../core/record.ts';
import { differencesBetween, driftFrom } from '../core/settings-diff.ts';
import type { RevisionFacts, ServiceFacts } from '../ports/deployer.ts';
import { proven } from '../ports/journal.ts';
import type { StageRun } from '../ports/stage.ts';
import { type CommitParts, distanceOf, withFullCommit } from './commit-facts.ts';
import type { StageParts } from './parts.ts';
import { candidateTraffic, revisionRungs } from './rung-facts.ts';
import { wantedSettings } from './wanted-settings.ts';

type Parts = CommitParts & Pick<StageParts, 'environment' | 'deployer' | 'variables'>;

interface Asked {
  /** The tag that was asked for; traffic was where it is null. */
  readonly tag: (candidate: Deployment) => string | null;
  readonly stable: readonly Deployment[];
}

const readsAtOnce = 10;

/**
 * Candidates as the platform has them: how far each got, its commit and digest, what differs from stable and from the config.
 * Whatever made them, only what is read back here is said of them.
 */
export async function readBack(
  candidates: readonly Deployment[],
  asked: Asked,
  services: ReadonlyMap<string, ServiceFacts>,
  parts: Parts,
  run: StageRun,
): Promise<Deployment[]> {
  return atMost(readsAtOnce, candidates, async (one) => {
    if (one.revision === null) return one;
    const stable = asked.stable.find(({ service }) => service === one.service) ?? null;
    const name = parts.environment.services[one.service]?.cloudRun ?? one.service;
    const found = await read(one, { name, stable, service: services.get(name) ?? null, services }, parts, run);
    return row(one, found, { tag: asked.tag(one), servedBefore: stable?.revision === one.revision });
  });
}

interface Found {
  readonly service: ServiceFacts | null;
  readonly revision: RevisionFacts | null;
  readonly missing: string;
  readonly behind: number | null;
  readonly settingsDiff: Deployment['settingsDiff'];
  readonly drift: Deployment['drift'];
  readonly evidence: string;
}

function read(
  candidate: Deployment,
  place: {
    name: string;
    stable: Deployment | null;
    service: ServiceFacts | null;
    services: ReadonlyMap<string, ServiceFacts>;
  },
  parts: Parts,
  run: StageRun,
): Promise<Found> {
  const { service: ours, revision: name } = candidate;
  return run.journal.step<Found>(`${run.key}/${ours}/read-back`, { name }, async () => {
    const answer = await parts.deployer.revision(place.name, name ?? '', run.signal);
    const revision = answer.ok ? await withFullCommit(answer.value, parts, run) : null;
    const reference = await referenceOf(place.stable, place.name, parts, run);
    const distance = await distanceOf(revision?.commit ?? null, run.record.run.head, parts, run);
    const found = {
      service: place.service,
      revision,
      missing: answer.ok ? '' : answer.failure.message,
      behind: distance?.behind ?? null,
      settingsDiff: revision && reference ? differencesBetween(reference, revision) : [],
      drift: revision ? driftOf(ours, revision, place.services, parts) : [],
    };
    const artifact = await run.artifacts.put({
      kind: 'candidate',
      source: `Cloud Run: revision ${name} and its service, read back, beside ${place.stable?.revision ?? 'no stable revision'}`,
      at: run.now().toISOString(),
      content: JSON.stringify({ ...found, stable: reference }, null, 2),
      excerpt: excerptOf(found.settingsDiff),
    });
    return proven(artifact, (evidence) => ({ ...found, evidence }));
  });
}

function excerptOf(differences: Deployment['settingsDiff']): string {
  const names = differences.map(({ setting }) => setting).join(', ');
  return `${counted(differences.length, 'difference')} from stable${names && `: ${names}`}`;
}

/** What stable is made of; null where there is none, or where it is the candidate itself. */
async function referenceOf(
  stable: Deployment | null,
  service: string,
  parts: Parts,
  run: StageRun,
): Promise<RevisionFacts | null> {
  if (!stable?.revision) return null;
  const read = await parts.deployer.revision(service, stable.revision, run.signal);
  return read.ok ? withFullCommit(read.value, parts, run) : null;
}

function driftOf(
  name: string,
  revision: RevisionFacts,
  services: ReadonlyMap<string, ServiceFacts>,
  { environment, variables }: Parts,
): Deployment['drift'] {
  const config = environment.services[name];
  if (!config) return [];
  const env = resolveServiceEnv(config, { urls: urlsOf(environment, services), env: variables });
  return driftFrom(wantedSettings(config, env.ok ? env.value : null), revision.settings, env.ok ? revision.given : []);
}

/** Addresses by the names of the config. */
export function urlsOf(
  { services }: StageParts['environment'],
  facts: ReadonlyMap<string, Pick<ServiceFacts, 'url'>>,
): Record<string, string> {
  const known = Object.entries(services).flatMap(([name, { cloudRun }]) => {
    const url = facts.get(cloudRun)?.url;
    return url ? [[name, url] as const] : [];
  });
  return Object.fromEntries(known);
}

function row(candidate: Deployment, found: Found, asked: { tag: string | null; servedBefore: boolean }): Deployment {
  const { service, revision, evidence } = found;
  if (revision === null) {
    const lost: RungFact = { rung: 'BUILT', proven: false, because: found.missing, evidence: [evidence] };
    // Its traffic is the service's to tell, and was told.
    const shares = (service?.traffic ?? []).filter((share) => share.revision === candidate.revision);
    const traffic = shares.map(({ url: _address, ...share }) => share);
    return { ...candidate, ...climb(blankDeployment, [lost]), traffic, evidence: [...candidate.evidence, evidence] };
  }
  const digest = revision.digest ?? candidate.digest;
  const digestFrom = revision.digestFrom ?? (candidate.digest === null ? null : 'builder');
  const traffic = (service?.traffic ?? []).filter((share) => share.revision === revision.name);
  const rungs = revisionRungs({ ...revision, digest, digestFrom }, service, [evidence]);
  const allocated = service ? [candidateTraffic(service, { revision: revision.name, ...asked }, [evidence])] : [];
  return {
    ...candidate,
    ...climb(blankDeployment, [...rungs, ...allocated]),
    image: revision.image,
    digest,
    digestFrom,
    commit: revision.commit,
    commitFrom: revision.commitFrom,
    commitsBehind: found.behind,
    traffic: traffic.map(({ url: _address, ...share }) => share),
    settingsDiff: found.settingsDiff,
    drift: found.drift,
    evidence: [...candidate.evidence, evidence],
  };
}
