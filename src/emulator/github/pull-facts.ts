import { gitText } from './git.ts';
import { countCommits, mergeBase, writeCommit } from './git-commits.ts';
import { type ChangedFile, changedFiles } from './git-diff.ts';
import { mergedTree } from './git-merge.ts';
import { readRef } from './git-refs.ts';
import type { PullFacts } from './pull-shape.ts';
import type { PullIssue } from './records.ts';
import type { Repository } from './repository.ts';

/** What the bare repository says about a pull request now. A closed one is described as it was when it was closed. */
export async function readPullFacts(repository: Repository, issue: PullIssue): Promise<PullFacts> {
  const { base, head } = await pullRange(repository, issue);
  const files = await pullFiles(repository, base, head);
  const commits = await countCommits(repository.git, [`${base}..${head}`]);
  const test = issue.state === 'open' ? await testMerge(repository, issue, base) : null;
  return {
    commits,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changedFiles: files.length,
    mergeable: test === null ? null : test.mergeable,
    mergeableState: mergeableState(issue, test),
    mergeCommit: test?.sha ?? null,
  };
}

/** The two commits between which a pull request's changes lie. */
export async function pullRange(repository: Repository, issue: PullIssue): Promise<{ base: string; head: string }> {
  const { base, head } = issue.pull;
  if (issue.state === 'closed') return { base: base.sha, head: head.sha };
  const tip = await readRef(repository.git, `refs/heads/${base.ref}`);
  return { base: tip?.sha ?? base.sha, head: head.sha };
}

export async function pullFiles(repository: Repository, base: string, head: string): Promise<ChangedFile[]> {
  const fork = await mergeBase(repository.git, base, head);
  return changedFiles(repository.git, fork ?? base, head);
}

interface TestMerge {
  readonly mergeable: boolean;
  readonly sha: string | null;
}

/** GitHub tries the merge and keeps its commit as `refs/pull/N/merge`: the same two commits always give the same one. */
async function testMerge(repository: Repository, issue: PullIssue, base: string): Promise<TestMerge> {
  const { git } = repository;
  const tree = await mergedTree(git, base, issue.pull.head.sha);
  if (tree === null) return { mergeable: false, sha: null };
  const at = Math.floor(Date.parse(issue.createdAt) / 1000);
  const author = { name: 'GitHub', email: 'noreply@github.com', at };
  const sha = await writeCommit(git, {
    tree,
    parents: [base, issue.pull.head.sha],
    author,
    committer: author,
    message: `Merge ${issue.pull.head.sha} into ${base}`,
  });
  await gitText(git, ['update-ref', `refs/pull/${issue.number}/merge`, sha]);
  return { mergeable: true, sha };
}

function mergeableState(issue: PullIssue, test: TestMerge | null): PullFacts['mergeableState'] {
  if (test === null) return 'unknown';
  if (!test.mergeable) return 'dirty';
  return issue.pull.draft ? 'draft' : 'clean';
}
