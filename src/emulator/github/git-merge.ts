import { type Git, gitText } from './git.ts';
import { type CommitFacts, readCommits, type Signature, writeCommit } from './git-commits.ts';

export type MergeMethod = 'merge' | 'squash' | 'rebase';

export interface MergeRequest {
  readonly method: MergeMethod;
  readonly base: string;
  readonly head: string;
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
}

/** The tree of a merge without a worktree, or null when the two sides conflict. */
export async function mergedTree(git: Git, base: string, head: string): Promise<string | null> {
  const answer = await git(['merge-tree', '--write-tree', base, head]);
  if (answer.code > 1) throw new Error(`git merge-tree ended with ${answer.code}: ${answer.stderr.trim()}`);
  return answer.code === 0 ? (answer.stdout.toString().split('\n')[0] ?? null) : null;
}

/** Writes the commits of a merge in one of GitHub's three ways and gives the new tip; null on a conflict. No ref moves. */
export async function writeMerge(git: Git, request: MergeRequest): Promise<string | null> {
  if (request.method === 'rebase') return rebaseCommits(git, request);
  const tree = await mergedTree(git, request.base, request.head);
  if (tree === null) return null;
  const parents = request.method === 'squash' ? [request.base] : [request.base, request.head];
  return writeCommit(git, { ...request, tree, parents });
}

/** GitHub re-creates every commit, even where the branch could simply be moved forward, and leaves merge commits out. */
async function rebaseCommits(git: Git, request: MergeRequest): Promise<string | null> {
  const range = ['--reverse', '--topo-order', '--no-merges', `${request.base}..${request.head}`];
  let tip = request.base;
  for (const commit of await readCommits(git, range)) {
    const next = await pickCommit(git, commit, tip, request.committer);
    if (next === null) return null;
    tip = next;
  }
  return tip;
}

async function pickCommit(git: Git, commit: CommitFacts, onto: string, committer: Signature): Promise<string | null> {
  const parent = commit.parents[0];
  if (parent === undefined) return null;
  const ontoTree = await gitText(git, ['rev-parse', `${onto}^{tree}`]);
  // Git 2.39 cannot be told the merge base, so we make one: the target's files as a child of the picked commit's parent.
  const sibling = await writeCommit(git, {
    tree: ontoTree,
    parents: [parent],
    author: committer,
    committer,
    message: 'rebase target',
  });
  const tree = await mergedTree(git, sibling, commit.sha);
  if (tree === null) return null;
  // A change that the base has already would become an empty commit: a rebase leaves it out.
  if (tree === ontoTree) return onto;
  return writeCommit(git, { ...commit, tree, parents: [onto], committer });
}
