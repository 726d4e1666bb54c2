import type { EnvironmentConfig } from '../config/environment.ts';
import type { PipelineConfig } from '../config/pipeline.ts';
import type { ImpactFacts } from '../config/selection-facts.ts';
import { atMost } from '../core/at-most.ts';
import { globMatcher } from '../core/glob.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { Deployer } from '../ports/deployer.ts';
import type { Repository } from '../ports/repository.ts';
import { withFullCommit } from './commit-facts.ts';

interface ImpactQuestion {
  readonly services: EnvironmentConfig['services'];
  readonly suites: PipelineConfig['suites'];
  /** `--ref`, else null for the base branch. */
  readonly ref: string | null;
}

interface ImpactParts {
  readonly deployer: Pick<Deployer, 'services' | 'revision'>;
  readonly repository: Repository;
}

/** More paths than these are counted, and not kept. */
const pathsKept = 200;
const readsAtOnce = 10;

/** What changed between the commits that serve and HEAD, and which suites cover it. Reads only; what cannot be read is said in `unknown`. */
export async function findImpact(asked: ImpactQuestion, parts: ImpactParts, signal: AbortSignal): Promise<ImpactFacts> {
  const head = await parts.repository.fetch(asked.ref, signal);
  if (!head.ok) return unknownImpact(`HEAD could not be read: ${head.failure.message}`);
  const from = await servingCommits(asked.services, parts, signal);
  if (!from.ok) return { ...unknownImpact(from.failure.message), to: head.value };
  const known = { from: from.value, to: head.value };
  const paths = await changedSince(from.value, head.value, parts.repository, signal);
  if (!paths.ok) return { ...unknownImpact(paths.failure.message), ...known };
  return { ...unknownImpact(null), ...known, ...coveredBy(asked.suites, paths.value) };
}

/** Nothing is known of the change but, at most, why. */
export function unknownImpact(because: string | null): ImpactFacts {
  return { from: {}, to: null, paths: [], more: 0, uncovered: 0, unknown: because, suites: {} };
}

/** By service of the config: the full commit of the revision that serves; null where it carries none that the repository knows. */
async function servingCommits(
  services: EnvironmentConfig['services'],
  parts: ImpactParts,
  signal: AbortSignal,
): Promise<Result<Record<string, string | null>>> {
  const names = Object.keys(services);
  const all = await parts.deployer.services(
    names.map((name) => services[name]?.cloudRun ?? name),
    signal,
  );
  if (!all.ok) return fail(all.failure.code, `the platform could not be read: ${all.failure.message}`);
  const rows = await atMost(readsAtOnce, names, async (name) => {
    const service = all.value.get(services[name]?.cloudRun ?? name);
    if (!service?.serving) return [name, null] as const;
    const revision = await parts.deployer.revision(service.name, service.serving, signal);
    return [name, revision.ok ? (await withFullCommit(revision.value, parts, { signal })).commit : null] as const;
  });
  return succeed(Object.fromEntries(rows));
}

/** Of all services together: what any of them does not have yet. */
async function changedSince(
  from: Readonly<Record<string, string | null>>,
  head: string,
  repository: Pick<Repository, 'pathsBetween'>,
  signal: AbortSignal,
): Promise<Result<string[]>> {
  const nameless = Object.keys(from).filter((service) => from[service] === null);
  if (nameless.length > 0) return fail('not-found', `the commit that serves ${nameless.join(', ')} is unknown`);
  const paths = new Set<string>();
  const compared = new Set([head]);
  for (const [service, commit] of Object.entries(from)) {
    if (commit === null || compared.has(commit)) continue;
    compared.add(commit);
    const changed = await repository.pathsBetween(commit, head, signal);
    if (!changed.ok) {
      const what = `${commit.slice(0, 12)}, which serves ${service}, cannot be compared with HEAD ${head.slice(0, 12)}`;
      return fail(changed.failure.code, `${what}: ${changed.failure.message}`);
    }
    for (const path of changed.value) paths.add(path);
  }
  return succeed([...paths].sort());
}

/** Suites are matched against every path, also those that are not kept. */
function coveredBy(
  suites: PipelineConfig['suites'],
  paths: readonly string[],
): Pick<ImpactFacts, 'paths' | 'more' | 'uncovered' | 'suites'> {
  const seen = new Set<string>();
  const covered = Object.entries(suites).flatMap(([name, { covers }]) => {
    const matchers = covers.map(globMatcher);
    const found = paths.filter((path) => matchers.some((matches) => matches(path)));
    for (const path of found) seen.add(path);
    return found[0] === undefined ? [] : [[name, { path: found[0], paths: found.length }] as const];
  });
  const kept = paths.slice(0, pathsKept);
  const left = { more: paths.length - kept.length, uncovered: paths.length - seen.size };
  return { paths: kept, ...left, suites: Object.fromEntries(covered) };
}
