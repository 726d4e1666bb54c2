import type { Deployment, RunRecord } from '../../core/record.ts';

/**
 * The commit from which suspects are counted up to HEAD: the reference's, where the judged candidate is proven to be HEAD. With
 * either commit unknown nobody can be suspected: the commits between the two may not be what differs.
 */
export function suspectsFrom(
  stable: Pick<Deployment, 'commit'> | undefined,
  candidate: Pick<Deployment, 'commit'> | undefined,
  { run }: Pick<RunRecord, 'run'>,
): string | null {
  if (candidate === undefined || candidate.commit === null || candidate.commit !== run.head) return null;
  return stable?.commit ?? null;
}
