import { type Git, gitText } from './git.ts';

export interface ChangedFile {
  readonly filename: string;
  readonly previousFilename: string | null;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';
  /** The blob after the change; of a removed file, the one before. */
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  /** Its hunks, or null where there are none to show: binary, only a mode, or too long. */
  readonly patch: string | null;
}

/** Git knows this tree without storing it: what a first commit is compared with. */
export const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const patchLengthMax = 100_000;

/** The files that differ between two trees or commits, with renames found, in Git's order. */
export async function changedFiles(git: Git, from: string, to: string): Promise<ChangedFile[]> {
  const [listing, patches] = await Promise.all([
    gitText(git, ['diff-tree', '-r', '-z', '-M', '--raw', '--numstat', '--no-abbrev', from, to]),
    readPatches(git, from, to),
  ]);
  const tokens = listing.split('\0').filter((token, index, all) => token !== '' || index < all.length - 1);
  const raw = takeRaw(tokens);
  const counts = takeCounts(tokens.slice(raw.taken));
  let patchAt = 0;
  return raw.entries.map((entry, index) => {
    // A file that becomes a link, or the reverse, is shown by Git as two patches: it goes and it comes.
    const patch = entry.letter === 'T' ? null : (patches[patchAt] ?? null);
    patchAt += entry.letter === 'T' ? 2 : 1;
    const { additions, deletions } = counts[index] ?? { additions: 0, deletions: 0 };
    return { ...entry.file, additions, deletions, patch };
  });
}

async function readPatches(git: Git, from: string, to: string): Promise<(string | null)[]> {
  const answer = await git(['diff-tree', '-r', '-M', '-p', '--no-color', '--no-ext-diff', '--no-textconv', from, to]);
  if (answer.code !== 0) return [];
  return `\n${answer.stdout.toString()}`.split('\ndiff --git ').slice(1).map(hunksOf);
}

function hunksOf(patch: string): string | null {
  const start = patch.indexOf('\n@@ ');
  if (start < 0) return null;
  const hunks = patch.slice(start + 1).replace(/\n$/, '');
  return hunks.length > patchLengthMax ? null : hunks;
}

interface RawEntry {
  readonly letter: string;
  readonly file: Pick<ChangedFile, 'filename' | 'previousFilename' | 'status' | 'sha'>;
}

/** Reads `:mode mode sha sha letter NUL path [NUL path]` until the numbers begin. */
function takeRaw(tokens: readonly string[]): { entries: RawEntry[]; taken: number } {
  const entries: RawEntry[] = [];
  let at = 0;
  while (tokens[at]?.startsWith(':')) {
    const [, , before = '', after = '', word = ''] = (tokens[at] ?? '').split(' ');
    const letter = word.slice(0, 1);
    const moved = letter === 'R' || letter === 'C';
    const filename = tokens[at + (moved ? 2 : 1)] ?? '';
    const previousFilename = moved ? (tokens[at + 1] ?? '') : null;
    const status = statusOf[letter] ?? 'changed';
    entries.push({ letter, file: { filename, previousFilename, status, sha: status === 'removed' ? before : after } });
    at += moved ? 3 : 2;
  }
  return { entries, taken: at };
}

const statusOf: Readonly<Record<string, ChangedFile['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};

/** Reads `added TAB deleted TAB path`; a rename has an empty path followed by two. A binary file counts `-`. */
function takeCounts(tokens: readonly string[]): { additions: number; deletions: number }[] {
  const counts = [];
  for (let at = 0; at < tokens.length; ) {
    const [additions = '', deletions = '', path = ''] = (tokens[at] ?? '').split('\t');
    counts.push({ additions: Number(additions) || 0, deletions: Number(deletions) || 0 });
    at += path === '' ? 3 : 1;
  }
  return counts;
}
