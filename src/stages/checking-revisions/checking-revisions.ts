import { atMost } from '../../core/at-most.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import type { StageParts } from '../parts.ts';
import { servicesInScope } from '../scope.ts';
import { problemOf } from '../trouble.ts';
import { missingServices } from './missing-services.ts';
import { plan } from './plan.ts';
import { type ReadingParts, readStable } from './read-stable.ts';
import { stableRow } from './stable-row.ts';

type Parts = ReadingParts & Pick<StageParts, 'pipeline' | 'selection' | 'options' | 'ref'>;

/** Services come in one list call; what serves of each is read for itself, so many at once. */
const readsAtOnce = 10;

/** Reads what really serves and decides for each service whether it is HEAD. */
export function checkingRevisions(parts: Parts): Stage<'checkingRevisions'> {
  return async (run) => {
    const names = servicesInScope(parts.selection, parts.environment.services);
    const platform = names.map((name) => parts.environment.services[name]?.cloudRun ?? name);
    const answer = await parts.deployer.services(platform, run.signal);
    if (!answer.ok) {
      const problems = [...run.record.problems, problemOf('checkingRevisions', answer.failure, true)];
      const said = `the platform could not be read: ${answer.failure.message}`;
      return { facts: { fresh: true }, patch: { problems }, said, ok: false };
    }
    const head = await currentHead(parts, run);
    const { maxAgeMinutes } = parts.pipeline.deploy;
    const rows = await atMost(readsAtOnce, names, async (name) =>
      stableRow(name, await readStable(name, answer.value, head, parts, run), { head, maxAgeMinutes }),
    );
    const fresh = rows.every(({ decision }) => decision.fresh);
    const deployments = rows.map(({ deployment }) => deployment);
    const next = parts.options.dryRun ? plan(deployments, parts, fresh) : run.record.next;
    const missing = missingServices(names, new Set(answer.value.keys()), parts);
    const before = isNewCycle(run) ? [] : run.record.problems;
    // A new cycle, and a retest after a foreign change, start with clean pages.
    const clean = { health: [], phases: [], control: [], causes: [], logs: null };
    const patch = {
      run: { ...run.record.run, head },
      deployments,
      ...(isNewCycle(run) ? { foreignChanges: [] } : {}),
      problems: [...before, ...missing.filter((one) => before.every(({ message }) => message !== one.message))],
      ...clean,
      next,
    };
    return { facts: { fresh }, patch, said: missing[0]?.message ?? sentence(rows), ok: missing.length === 0 };
  };
}

/** A new cycle judges the HEAD of its own time; a retest in the same cycle keeps what it was about. */
async function currentHead(parts: Parts, run: StageRun): Promise<string | null> {
  if (!isNewCycle(run)) return run.record.run.head;
  const head = await parts.repository.fetch(parts.ref, run.signal);
  if (!head.ok) run.note(`HEAD could not be read again: ${head.failure.message}`);
  return head.ok ? head.value : run.record.run.head;
}

function isNewCycle({ task }: StageRun): boolean {
  return task.cycle > 1 && task.visit === 1;
}

function sentence(rows: readonly ReturnType<typeof stableRow>[]): string {
  const [first, ...others] = rows.filter(({ decision }) => !decision.fresh);
  if (first) {
    const more = others.map(({ deployment }) => deployment.service).join(', ');
    return `${first.decision.sentence}${more === '' ? '' : `; stale too: ${more}`}`;
  }
  const byAge = rows.filter(({ deployment }) => deployment.commit === null).map(({ deployment }) => deployment.service);
  if (byAge.length > 0) return `nothing is stale; the commit of ${byAge.join(', ')} is unknown`;
  return `${rows.length === 1 ? 'the service runs' : `all ${rows.length} services run`} HEAD already`;
}
