import type { Fix } from '../../core/record.ts';
import type { ServiceFacts } from '../../ports/deployer.ts';
import { plain } from '../../ports/journal.ts';
import type { StageRun } from '../../ports/stage.ts';
import { checkHealth } from '../check-health.ts';
import { deployRevision, readServices } from '../deploy-revision.ts';
import { inOrderOfNeeds, servicesInScope } from '../scope.ts';
import { mixedTargets, revisionUrl, serviceTargets } from '../service-targets.ts';
import type { ProvingParts } from './proving-parts.ts';

export interface DeployedFix {
  /** By service: the fix's revision. */
  readonly revisions: Readonly<Record<string, string>>;
  /** Where suites reach the base (candidates) and the fix (its revisions, candidates for the rest), and the reference. */
  readonly baseUrls: Readonly<Record<string, string>>;
  readonly fixUrls: Readonly<Record<string, string>>;
  readonly referenceUrls: Readonly<Record<string, string>>;
}

export type FixDeployment =
  | ({ ok: true } & DeployedFix)
  | { ok: false; because: string; revisions: Readonly<Record<string, string>> };

/** Deploys the fix's commit of every service whose folder it touches, each under a tag without traffic. */
export async function deployFix(
  request: { fix: Fix; tag: string; services: ReadonlyMap<string, ServiceFacts> },
  parts: ProvingParts,
  run: StageRun,
): Promise<FixDeployment> {
  const { fix, tag, services } = request;
  const revisions: Record<string, string> = {};
  for (const service of inOrderOfNeeds(touchedServices(fix.files, parts), parts.environment.services).flat()) {
    if (parts.environment.services[service]?.candidate !== 'tag')
      return { ok: false, because: `${service} cannot be deployed under a tag`, revisions };
    const stored = await deployRevision(
      { key: `${run.key}/deploy/${service}`, service, commit: fix.commit ?? '', tag, all: services },
      parts,
      run,
    );
    if (!stored.ok)
      return { ok: false, because: `the fix of ${service} did not come up: ${stored.failure.message}`, revisions };
    revisions[service] = stored.value.revision.name;
  }
  return addresses(revisions, parts, run);
}

async function addresses(
  revisions: Record<string, string>,
  parts: ProvingParts,
  run: StageRun,
): Promise<FixDeployment> {
  const services = await readServices(parts, run.signal);
  if (!services.ok) return { ok: false, because: services.failure.message, revisions };
  const targets = serviceTargets(run.record, parts.environment, services.value);
  const baseUrls = mixedTargets(targets, 'candidate').urls;
  const fixUrls = { ...baseUrls };
  for (const [service, revision] of Object.entries(revisions)) {
    const facts = services.value.get(parts.environment.services[service]?.cloudRun ?? service);
    const url = facts ? revisionUrl(facts, revision) : null;
    if (!url) return { ok: false, because: `the platform gives no address for ${revision}`, revisions };
    const health = await checkHealth({ key: `${run.key}/health`, service, role: 'candidate', url }, parts, run);
    const sick = health.find((one) => !one.ok);
    if (sick) return { ok: false, because: `the fix of ${service} is not healthy: ${sick.because}`, revisions };
    fixUrls[service] = url;
  }
  return { ok: true, revisions, baseUrls, fixUrls, referenceUrls: mixedTargets(targets, 'stable').urls };
}

/** The services whose folders the fix touches; a change outside of all folders may concern every one of them. */
function touchedServices(files: readonly string[], parts: ProvingParts): string[] {
  const scope = servicesInScope(parts.selection, parts.environment.services);
  const folderOf = (name: string) => `${parts.environment.services[name]?.path ?? name}/`;
  const owned = files.every((file) => scope.some((name) => file.startsWith(folderOf(name))));
  return owned ? scope.filter((name) => files.some((file) => file.startsWith(folderOf(name)))) : scope;
}

/** Fix revisions are for the proof only: their tags and revisions go, whatever it said. */
export async function removeFix(deployed: FixDeployment, parts: ProvingParts, run: StageRun): Promise<void> {
  for (const [service, revision] of Object.entries(deployed.revisions)) {
    const platform = parts.environment.services[service]?.cloudRun ?? service;
    const key = `${run.key}/remove/${service}`;
    await run.journal.effect<string>(
      key,
      { platform, revision },
      {
        find: async () => null,
        perform: async () => {
          const removed = await parts.deployer.remove({ key, service: platform, revision }, run.signal);
          if (!removed.ok) run.note(`${revision} could not be removed: ${removed.failure.message}`);
          return plain(removed.ok ? 'removed' : removed.failure.message);
        },
      },
    );
  }
}
