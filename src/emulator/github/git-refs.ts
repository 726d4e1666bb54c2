import { type Git, gitText } from './git.ts';

export interface RefFacts {
  readonly ref: string;
  readonly sha: string;
  readonly type: string;
}

/** All refs below a folder such as `refs/heads/`, in Git's order. */
export async function listRefs(git: Git, folder: string): Promise<RefFacts[]> {
  const text = await gitText(git, ['for-each-ref', '--format=%(refname) %(objectname) %(objecttype)', folder]);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [ref = '', sha = '', type = ''] = line.split(' ');
      return { ref, sha, type };
    });
}

/** Finds one ref by its full name; null when there is none. */
export async function readRef(git: Git, ref: string): Promise<RefFacts | null> {
  if (!isRefName(ref)) return null;
  return (await listRefs(git, ref)).find((found) => found.ref === ref) ?? null;
}

/**
 * Finds the commit behind what a caller may write: a branch, a tag, `heads/x`, `refs/heads/x`, `HEAD`, or a hash of at least
 * seven digits. Everything else, such as `a..b`, `-x` or `main~1`, is nothing.
 */
export async function resolveCommit(git: Git, name: string): Promise<string | null> {
  const candidates = commitCandidates(name);
  if (candidates.length === 0) return null;
  const input = candidates.map((candidate) => `${candidate}^{commit}\n`).join('');
  const text = await gitText(git, ['cat-file', '--batch-check'], { input });
  const found = text.split('\n').find((line) => / commit \d+$/.test(line));
  return found?.split(' ')[0] ?? null;
}

/** Moves, creates (`from` null) or deletes (`to` null) a ref, if it still is where `from` says. False when it is not, or Git refuses. */
export async function moveRef(git: Git, ref: string, from: string | null, to: string | null): Promise<boolean> {
  const args =
    to === null
      ? ['update-ref', '-d', ref, from ?? noCommit]
      : ['update-ref', ref, to, from === null ? noCommit : from];
  return (await git(args)).code === 0;
}

/** Git's own rules for the name of a ref (`git check-ref-format`), so that no name is an option, a range or a path. */
export function isRefName(name: string): boolean {
  if (name === '' || name === '@' || name.length > refNameLengthMax) return false;
  if (forbiddenInRef.test(name) || name.endsWith('.') || name.startsWith('-')) return false;
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

const noCommit = '0'.repeat(40);
const refNameLengthMax = 250;
// biome-ignore lint/suspicious/noControlCharactersInRegex: Git forbids control characters in the names of refs.
const forbiddenInRef = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{/;

function commitCandidates(name: string): string[] {
  if (/^[0-9a-f]{40}$/.test(name)) return [name];
  if (name === 'HEAD') return ['HEAD'];
  if (!isRefName(name)) return [];
  const refs = [`refs/heads/${name}`, `refs/tags/${name}`];
  if (name.includes('/')) refs.push(name.startsWith('refs/') ? name : `refs/${name}`);
  return /^[0-9a-f]{7,39}$/.test(name) ? [...refs, name] : refs;
}
