import { configHash, resolveServiceEnv } from '../../config/service-env.ts';
import type { Deployment } from '../../core/record.ts';
import { driftFrom } from '../../core/settings-diff.ts';
import type { RevisionFacts, ServiceFacts } from '../../ports/deployer.ts';
import { proven } from '../../ports/journal.ts';
import type { StageRun } from '../../ports/stage.ts';
import { urlsOf } from '../candidate-facts.ts';
import { distanceOf, withFullCommit } from '../commit-facts.ts';
import type { StageParts } from '../parts.ts';
import { wantedSettings } from '../wanted-settings.ts';

export type ReadingParts = Pick<StageParts, 'environment' | 'deployer' | 'repository' | 'variables'>;

/** What serves a service, as it was read at one instant; a later look is another reading. */
export interface StableReading {
  readonly at: string;
  readonly service: ServiceFacts | null;
  readonly revision: RevisionFacts | null;
  /** Why there is no revision. */
  readonly missing: string;
  readonly distance: { readonly behind: number; readonly ahead: number } | null;
  readonly wantedHash: string | null;
  readonly drift: Deployment['drift'];
  readonly evidence: string;
}

/** Reads once what serves, and stores it with all that is decided from it: the row of the record is made of the stored facts. */
export function readStable(
  name: string,
  all: ReadonlyMap<string, ServiceFacts>,
  head: string | null,
  parts: ReadingParts,
  run: StageRun,
): Promise<StableReading> {
  const cloudRun = parts.environment.services[name]?.cloudRun ?? name;
  return run.journal.step<StableReading>(`${run.key}/${name}`, { name }, async () => {
    const service = all.get(cloudRun) ?? null;
    const { revision, missing } = await servingRevision(service, cloudRun, parts, run);
    const reading = {
      at: run.now().toISOString(),
      service,
      revision,
      missing,
      distance: await distanceOf(revision?.commit ?? null, head, parts, run),
      ...wantedBy(name, all, revision, parts),
    };
    const artifact = await run.artifacts.put({
      kind: 'deployment',
      source: `Cloud Run: service ${cloudRun} and its serving revision`,
      at: reading.at,
      content: JSON.stringify({ head, ...reading }, null, 2),
      excerpt:
        revision === null
          ? missing
          : `${revision.name} serves, commit ${revision.commit ?? 'unknown'}, image ${revision.image}`,
    });
    return proven(artifact, (evidence) => ({ ...reading, evidence }));
  });
}

async function servingRevision(service: ServiceFacts | null, cloudRun: string, parts: ReadingParts, run: StageRun) {
  if (service === null) return { revision: null, missing: `nothing serves: the platform has no service ${cloudRun}` };
  if (service.serving === null) return { revision: null, missing: 'nothing serves' };
  const read = await parts.deployer.revision(service.name, service.serving, run.signal);
  if (!read.ok) return { revision: null, missing: `${service.serving} serves, but ${read.failure.message}` };
  return { revision: await withFullCommit(read.value, parts, run), missing: '' };
}

/** The settings that the config wants: their hash, and those that are otherwise. */
function wantedBy(
  name: string,
  all: ReadonlyMap<string, ServiceFacts>,
  revision: RevisionFacts | null,
  parts: ReadingParts,
): Pick<StableReading, 'wantedHash' | 'drift'> {
  const config = parts.environment.services[name];
  if (!config) return { wantedHash: null, drift: [] };
  const env = resolveServiceEnv(config, { urls: urlsOf(parts.environment, all), env: parts.variables });
  return {
    wantedHash: env.ok ? configHash(config, env.value) : null,
    // Without its variables the config's wish is not known: then nothing that is there is said to be too much.
    drift:
      revision === null
        ? []
        : driftFrom(wantedSettings(config, env.ok ? env.value : null), revision.settings, env.ok ? revision.given : []),
  };
}
