import type { RevisionFacts } from '../../ports/deployer.ts';

/** Which of a service's revisions a deploy command made. */
export type OwnRevision =
  | { readonly is: 'none' }
  /** `labelled` is false where only being new tells it. */
  | { readonly is: 'one'; readonly revision: RevisionFacts; readonly labelled: boolean }
  | { readonly is: 'unclear'; readonly names: readonly string[] };

/**
 * By the label `loop-step`; a command that sets none is known by the one revision that is new since it began. Of several new
 * ones nobody can tell which is whose. What another run of loop made is never its.
 */
export function ownRevision(
  revisions: readonly RevisionFacts[],
  known: { readonly before: readonly string[]; readonly stepKey: string; readonly run: string },
): OwnRevision {
  const newestFirst = [...revisions].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  const labelled = newestFirst.find((one) => one.stepKey === known.stepKey);
  if (labelled) return { is: 'one', revision: labelled, labelled: true };
  const others = newestFirst.filter(
    (one) => !known.before.includes(one.name) && one.stepKey === null && (one.madeBy ?? known.run) === known.run,
  );
  const [first] = others;
  if (first === undefined) return { is: 'none' };
  if (others.length > 1) return { is: 'unclear', names: others.map(({ name }) => name).sort() };
  return { is: 'one', revision: first, labelled: false };
}

/** Whether the platform still works on it: neither ready nor given up. */
export function isPending({ ready, conditions }: RevisionFacts): boolean {
  return !ready && !conditions.some(({ type, state }) => type === 'Ready' && state === 'failed');
}
