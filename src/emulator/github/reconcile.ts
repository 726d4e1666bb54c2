import { closedByText } from './closing-keywords.ts';
import type { Forge } from './forge.ts';
import { gitText } from './git.ts';
import { isAncestor, readCommits } from './git-commits.ts';
import { listRefs } from './git-refs.ts';
import { setIssueState } from './issue-state.ts';
import { isPull, type PullIssue, type RepositoryRecord } from './records.ts';
import type { Repository } from './repository.ts';

/**
 * Brings the record in line with the branches, whoever moved them (a push, the API, a merge that a kill cut off): heads of open
 * pull requests follow their branch, pull requests whose commits reached the base are merged, those that lost a branch are closed,
 * and what reached the default branch closes the issues that it names. Call it inside `exclusively`.
 */
export async function reconcile(forge: Forge, repository: Repository): Promise<void> {
  const heads = await listRefs(repository.git, 'refs/heads/');
  const print = heads.map(({ ref, sha }) => `${ref} ${sha}`).join('\n');
  if (repository.seen.heads === print) return;
  const tips = new Map(heads.map(({ ref, sha }) => [ref.slice('refs/heads/'.length), sha]));
  const changes: PullChange[] = [];
  for (const pull of repository.record().issues.filter(isOpenPull)) {
    changes.push(await pullChange(repository, pull, tips));
  }
  const closing = await closingMessages(repository, tips);
  await followHeads(repository, changes);
  const pushed = repository.seen.heads !== null;
  await repository.edit((draft) => {
    if (pushed) draft.pushedAt = forge.now();
    apply(draft, changes, closing, tips, forge.now());
  });
  repository.seen.heads = print;
}

type PullChange =
  | { readonly number: number; readonly what: 'none' }
  | { readonly number: number; readonly what: 'moved'; readonly head: string; readonly base: string }
  | { readonly number: number; readonly what: 'closed' }
  | {
      readonly number: number;
      readonly what: 'merged';
      readonly sha: string;
      readonly head: string;
      readonly base: string;
    };

async function pullChange(
  repository: Repository,
  issue: PullIssue,
  tips: ReadonlyMap<string, string>,
): Promise<PullChange> {
  const { number, pull } = issue;
  const { git } = repository;
  const head = tips.get(pull.head.ref) ?? null;
  const base = tips.get(pull.base.ref);
  if (base === undefined) return { number, what: 'closed' };
  if (pull.merging !== null && (await isAncestor(git, pull.merging.sha, base))) {
    return { number, what: 'merged', ...pull.merging, head: pull.head.sha };
  }
  const moved = head !== null && head !== pull.head.sha;
  if (moved && !(await isAncestor(git, head, base))) return { number, what: 'moved', head, base };
  if (await isAncestor(git, pull.head.sha, base)) {
    const merged = head ?? pull.head.sha;
    const sha = await mergeCommitOf(repository, merged, base);
    return { number, what: 'merged', sha, head: merged, base: pull.base.sha };
  }
  // Its branch is gone, or was reset to something that the base has already: nothing is left to merge.
  return head === null || moved ? { number, what: 'closed' } : { number, what: 'none' };
}

/** The commit that brought a head into the base: a merge commit that someone pushed, else the head itself. */
async function mergeCommitOf(repository: Repository, head: string, base: string): Promise<string> {
  const range = ['--merges', '--ancestry-path', '--reverse', `${head}..${base}`];
  const merges = await gitText(repository.git, ['rev-list', ...range]);
  return merges.split('\n')[0] || head;
}

const messagesReadMax = 250;

async function closingMessages(repository: Repository, tips: ReadonlyMap<string, string>): Promise<string[]> {
  const { defaultBranch, defaultSha } = repository.record();
  const tip = tips.get(defaultBranch);
  // The first commits of a repository tell of issues elsewhere.
  if (tip === undefined || defaultSha === null || tip === defaultSha) return [];
  const known = (await repository.git(['cat-file', '-e', `${defaultSha}^{commit}`])).code === 0;
  if (!known) return [];
  const commits = await readCommits(repository.git, [`--max-count=${messagesReadMax}`, `${defaultSha}..${tip}`]);
  return commits.map((commit) => commit.message);
}

/** GitHub keeps `refs/pull/N/head`, also after the branch is gone. */
async function followHeads(repository: Repository, changes: readonly PullChange[]): Promise<void> {
  for (const change of changes) {
    if (change.what !== 'moved') continue;
    await gitText(repository.git, ['update-ref', `refs/pull/${change.number}/head`, change.head]);
  }
}

function apply(
  draft: RepositoryRecord,
  changes: readonly PullChange[],
  closing: readonly string[],
  tips: ReadonlyMap<string, string>,
  now: string,
): void {
  const texts = [...closing];
  for (const change of changes) {
    const issue = draft.issues.find((candidate) => candidate.number === change.number);
    if (issue === undefined || !isPull(issue)) continue;
    applyToPull(issue, change, now);
    if (change.what === 'merged' && issue.pull.base.ref === draft.defaultBranch) texts.push(issue.body ?? '');
  }
  const named = texts.flatMap((text) => closedByText(text, `${draft.owner}/${draft.name}`));
  for (const issue of draft.issues) {
    if (issue.state === 'open' && named.includes(issue.number) && !isPull(issue))
      setIssueState(issue, 'closed', 'completed', now);
  }
  draft.defaultSha = tips.get(draft.defaultBranch) ?? null;
}

function applyToPull(issue: PullIssue, change: PullChange, now: string): void {
  const { pull } = issue;
  pull.merging = null;
  if (change.what === 'none') return;
  issue.updatedAt = now;
  if (change.what === 'moved') {
    pull.head.sha = change.head;
    pull.base.sha = change.base;
    return;
  }
  setIssueState(issue, 'closed', null, now);
  if (change.what === 'closed') return;
  pull.head.sha = change.head;
  pull.base.sha = change.base;
  pull.mergedAt = now;
  pull.mergeCommit = change.sha;
}

function isOpenPull(issue: RepositoryRecord['issues'][number]): issue is PullIssue {
  return isPull(issue) && issue.state === 'open';
}
