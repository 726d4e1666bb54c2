import type { RevisionFacts } from '../ports/deployer.ts';
import type { StageRun } from '../ports/stage.ts';
import type { StageParts } from './parts.ts';

export type CommitParts = Pick<StageParts, 'repository'>;

const fullLength = 40;

/** A short name is made whole. An image's tag that is no commit of this repository is a tag like any other. */
export async function withFullCommit(
  revision: RevisionFacts,
  parts: CommitParts,
  run: Pick<StageRun, 'signal'>,
): Promise<RevisionFacts> {
  const { commit, commitFrom } = revision;
  if (commit === null || commit.length >= fullLength) return revision;
  const full = await parts.repository.fullName(commit, run.signal);
  if (full.ok) return { ...revision, commit: full.value };
  return commitFrom === 'image' ? { ...revision, commit: null, commitFrom: null } : revision;
}

/** Commits on either side of a revision's commit and HEAD, merges counted; null where they cannot be counted. */
export async function distanceOf(
  commit: string | null,
  head: string | null,
  parts: CommitParts,
  run: StageRun,
): Promise<{ behind: number; ahead: number } | null> {
  if (commit === null || head === null) return null;
  if (commit === head) return { behind: 0, ahead: 0 };
  const distance = await parts.repository.distance(commit, head, run.signal);
  return distance.ok ? distance.value : null;
}
