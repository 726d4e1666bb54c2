import { configHash, resolveServiceEnv } from '../config/service-env.ts';
import { sha256 } from '../core/canonical-json.ts';
import { type Failure, fail, type Result } from '../core/result.ts';
import type { RevisionFacts, ServiceFacts } from '../ports/deployer.ts';
import { plain, proven } from '../ports/journal.ts';
import type { StageRun } from '../ports/stage.ts';
import { rememberKind } from './allocation-kind.ts';
import { refusedForBad } from './found-bad.ts';
import type { StageParts } from './parts.ts';
import { stepKey } from './step-key.ts';

type Parts = Pick<StageParts, 'environment' | 'deployer' | 'builder' | 'variables' | 'options'>;

interface DeployedRevision {
  readonly revision: RevisionFacts;
  readonly tag: string | null;
  readonly digest: string | null;
  readonly reused: boolean;
  readonly evidence: string;
}

type Stored =
  | { ok: true; value: DeployedRevision }
  /** `revision` is the name that was asked for; null where it did not come to that. */
  | { ok: false; failure: Failure; revision: string | null; evidence: string | null };

/**
 * Builds one service at one commit and makes a revision of it, once for its key, whatever crashes in between.
 * `revisionName` is derived from the run and the key, so a retry finds what it made.
 */
export async function deployRevision(
  request: { key: string; service: string; commit: string; tag: string; all: ReadonlyMap<string, ServiceFacts> },
  parts: Parts,
  run: StageRun,
): Promise<Stored> {
  const config = parts.environment.services[request.service];
  const nothing = { revision: null, evidence: null };
  if (!config) return { ...fail('config', `no service ${request.service} in the config`), ...nothing };
  const env = resolveServiceEnv(config, { urls: urlsOf(parts, request.all), env: parts.variables });
  if (!env.ok) return { ...env, ...nothing };
  const hash = configHash(config, env.value);
  const tag = config.candidate === 'tag' ? request.tag : null;
  const wanted = { service: config.cloudRun, commit: request.commit, hash, tag };
  const bad = tag === null ? await refusedForBad(request.service, wanted, parts, run) : null;
  if (bad) return { ...bad, revision: null, evidence: null };
  await rememberKind(request.service, request.all.get(config.cloudRun), run);
  const revision = revisionName(config.cloudRun, run.record.run.id, request.key);
  return run.journal.effect<Stored>(request.key, wanted, {
    find: async () => {
      const made = await existing(parts, wanted, revision, run.signal);
      return made ? found(made, tag, run) : null;
    },
    perform: async () => {
      run.progress(`building ${request.service} at ${request.commit.slice(0, 12)}`);
      const { path, image: pushed } = config;
      const image = await parts.builder.build({ commit: request.commit, path, image: pushed }, run.signal);
      if (!image.ok) return plain({ ...image, ...nothing });
      run.progress(`deploying ${request.service}`);
      const deployed = await parts.deployer.deploy(
        {
          key: request.key,
          service: config.cloudRun,
          revision,
          tag,
          container: { image: image.value.image, command: config.command, env: env.value, settings: config.settings },
          labels: {
            'commit-sha': request.commit,
            'loop-run': run.record.run.id,
            'loop-config': hash,
            'loop-step': stepKey(run.record.run.id, request.key),
          },
        },
        run.signal,
      );
      if (!deployed.ok) return failed(deployed.failure, { ...request, revision }, run);
      return proof(run, deployed.value, (evidence) => ({
        ok: true as const,
        value: { revision: deployed.value, tag, digest: image.value.digest, reused: false, evidence },
      }));
    },
  });
}

/** `<service>-<8 hex>`: named by the run and the key, at most 63 characters. */
function revisionName(service: string, run: string, key: string): string {
  return `${service.slice(0, 54)}-${sha256(`${run} ${key}`).slice(0, 8)}`;
}

function urlsOf(
  parts: Pick<StageParts, 'environment'>,
  all: ReadonlyMap<string, ServiceFacts>,
): Record<string, string> {
  const known = Object.entries(parts.environment.services).flatMap(([name, { cloudRun }]) => {
    const url = all.get(cloudRun)?.url;
    return url ? [[name, url] as const] : [];
  });
  return Object.fromEntries(known);
}

/** A READY revision of the same commit and settings that can still be reached under the tag is as good as a new one. */
async function existing(
  parts: Parts,
  wanted: { service: string; commit: string; hash: string; tag: string | null },
  ownName: string,
  signal: AbortSignal,
): Promise<RevisionFacts | null> {
  const [revisions, services] = await Promise.all([
    parts.deployer.revisions(wanted.service, signal),
    parts.deployer.services([wanted.service], signal),
  ]);
  if (!revisions.ok || !services.ok) return null;
  const targets = services.value.get(wanted.service)?.traffic ?? [];
  const reachable = (name: string) =>
    targets.some((one) => one.revision === name && (one.tag === wanted.tag || one.percent > 0));
  const same = (one: RevisionFacts) =>
    one.name === ownName || (one.commit === wanted.commit && one.configHash === wanted.hash);
  return revisions.value.find((one) => one.ready && same(one) && reachable(one.name)) ?? null;
}

async function found(revision: RevisionFacts, tag: string | null, run: StageRun) {
  const reused = revision.madeBy !== run.record.run.id;
  return proof(run, revision, (evidence) => ({
    ok: true as const,
    value: { revision, tag, digest: revision.digest, reused, evidence },
  }));
}

async function proof<T>(run: StageRun, revision: RevisionFacts, value: (evidence: string) => T) {
  const content = JSON.stringify(revision, null, 2);
  const excerpt = `${revision.name} is ${revision.ready ? 'ready' : 'not ready'}, image ${revision.image}`;
  const source = `Cloud Run: revision ${revision.name}, read back`;
  return proven(
    await run.artifacts.put({ kind: 'revision', source, at: run.now().toISOString(), content, excerpt }),
    value,
  );
}

async function failed(failure: Failure, request: { service: string; commit: string; revision: string }, run: StageRun) {
  const content = JSON.stringify({ ...request, all: undefined, failure }, null, 2);
  const source = `Cloud Run: the deployment of ${request.service}`;
  const artifact = await run.artifacts.put({
    kind: 'deployment-failure',
    source,
    at: run.now().toISOString(),
    content,
    excerpt: failure.message,
  });
  return proven(artifact, (evidence) => ({ ok: false as const, failure, revision: request.revision, evidence }));
}

/** All services of the environment as the platform has them now, by their platform names. */
export function readServices(
  parts: Pick<StageParts, 'environment' | 'deployer'>,
  signal: AbortSignal,
): Promise<Result<ReadonlyMap<string, ServiceFacts>>> {
  return parts.deployer.services(
    Object.values(parts.environment.services).map((service) => service.cloudRun),
    signal,
  );
}
