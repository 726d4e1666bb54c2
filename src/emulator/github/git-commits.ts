import { type Git, gitText } from './git.ts';

export interface Signature {
  readonly name: string;
  readonly email: string;
  /** Seconds since 1970. */
  readonly at: number;
}

export interface CommitFacts {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

/** Reads the commits that `git log` selects by the given options and revisions, in its order. */
export async function readCommits(git: Git, selection: readonly string[]): Promise<CommitFacts[]> {
  const text = await gitText(git, ['log', '-z', `--format=format:${fields.join('%x00')}`, ...selection]);
  if (text === '') return [];
  const values = text.split('\0');
  const commits: CommitFacts[] = [];
  for (let at = 0; at + fields.length <= values.length; at += fields.length) {
    commits.push(toCommit(values.slice(at, at + fields.length)));
  }
  return commits;
}

export async function readCommit(git: Git, sha: string): Promise<CommitFacts> {
  const [commit] = await readCommits(git, ['--max-count=1', sha]);
  if (commit === undefined) throw new Error(`commit ${sha} cannot be read`);
  return commit;
}

export async function countCommits(git: Git, selection: readonly string[]): Promise<number> {
  return Number(await gitText(git, ['rev-list', '--count', ...selection]));
}

export async function isAncestor(git: Git, ancestor: string, descendant: string): Promise<boolean> {
  return (await git(['merge-base', '--is-ancestor', ancestor, descendant])).code === 0;
}

/** The best common ancestor, or null when the histories never met. */
export async function mergeBase(git: Git, one: string, other: string): Promise<string | null> {
  const answer = await git(['merge-base', one, other]);
  return answer.code === 0 ? answer.stdout.toString().trim() : null;
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

/** Writes a commit object; no ref moves. */
export async function writeCommit(git: Git, commit: NewCommit): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  return gitText(git, ['commit-tree', commit.tree, ...parents, '-F', '-'], {
    input: `${commit.message.trimEnd()}\n`,
    environment: {
      GIT_AUTHOR_NAME: commit.author.name || namelessAuthor,
      GIT_AUTHOR_EMAIL: commit.author.email,
      GIT_AUTHOR_DATE: `@${commit.author.at} +0000`,
      GIT_COMMITTER_NAME: commit.committer.name || namelessAuthor,
      GIT_COMMITTER_EMAIL: commit.committer.email,
      GIT_COMMITTER_DATE: `@${commit.committer.at} +0000`,
    },
  });
}

// Git writes no commit without a name, but can hold one that another tool wrote.
const namelessAuthor = 'unknown';
const fields = ['%H', '%T', '%P', '%an', '%ae', '%at', '%cn', '%ce', '%ct', '%B'];

function toCommit(values: readonly string[]): CommitFacts {
  const [sha = '', tree = '', parents = '', an = '', ae = '', at = '', cn = '', ce = '', ct = '', message = ''] =
    values;
  return {
    sha,
    tree,
    parents: parents.split(' ').filter((parent) => parent !== ''),
    author: { name: an, email: ae, at: secondsOf(at) },
    committer: { name: cn, email: ce, at: secondsOf(ct) },
    message: message.replace(/\n+$/, ''),
  };
}

/** A commit may claim any time; we keep those that a date can show. */
function secondsOf(text: string): number {
  const seconds = Number(text);
  return Number.isInteger(seconds) && Math.abs(seconds) <= secondsMax ? seconds : 0;
}

const secondsMax = 253_402_300_799;
