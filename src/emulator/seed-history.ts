import { cp, mkdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';

/**
 * Runs git and resolves to its stdout; rejects when git fails. `env` is what the seed needs on top of a PATH: the runner
 * adds nothing else that could change a commit.
 */
export type RunGit = (args: readonly string[], env: Readonly<Record<string, string>>) => Promise<string>;

interface SeedRequest {
  /** The example's folder: the good code, and `history/` which tells how it came to be and what came after. */
  exampleFolder: string;
  /** Where the repository is made; it must not exist yet, or be empty. */
  targetFolder: string;
  git: RunGit;
}

export interface SeededHistory {
  /** SHA of the last good commit, also tagged `stable`. */
  stable: string;
  /** SHA of the tip of `main`. */
  head: string;
  /** Every commit, the oldest first. */
  commits: { sha: string; title: string }[];
}

/**
 * Makes the example's repository. Authors, dates and contents are fixed, so that the same example gives the same SHAs on
 * every machine. A history that does not fit its example is thrown: as an `UnfitHistory` where the file itself says nothing usable.
 */
export async function seedHistory({ exampleFolder, targetFolder, git }: SeedRequest): Promise<SeededHistory> {
  const historyFolder = resolve(exampleFolder, 'history');
  const history = await readHistory(join(historyFolder, 'history.json'));
  await mkdir(targetFolder, { recursive: true });
  const inTarget = gitIn(targetFolder, git);
  await inTarget(['init', '--quiet', '--object-format=sha1', '--initial-branch=main']);

  const commits: SeededHistory['commits'] = [];
  let stable = '';
  for (const commit of history.commits) {
    await copyPaths(exampleFolder, targetFolder, commit.adds);
    if (commit.patch) await inTarget(['apply', '--whitespace=nowarn', join(historyFolder, commit.patch)]);
    const sha = await commitAll(inTarget, commit, history.author);
    commits.push({ sha, title: commit.title });
    if (commit.stable) stable = sha;
  }
  await inTarget(['tag', 'stable', stable]);
  return { stable, head: commits.at(-1)?.sha ?? stable, commits };
}

/** The file that tells the history is missing, no JSON, or tells of no commits; the message names it. */
export class UnfitHistory extends Error {}

async function readHistory(file: string): Promise<z.infer<typeof History>> {
  try {
    const parsed = History.safeParse(JSON.parse(await readFile(file, 'utf8')));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new UnfitHistory(`${file}: ${issue?.path.join('.') || 'the history'}: ${issue?.message}`);
  } catch (error) {
    if (error instanceof UnfitHistory) throw error;
    throw new UnfitHistory(`${file}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/** A path inside the example: no step upwards, nothing absolute. */
const ExamplePath = z.string().regex(/^(?!.*\.\.)[\w.-]+(\/[\w.-]+)*$/);

const Commit = z
  .strictObject({
    title: z.string().min(1).max(72),
    body: z.string().min(1).optional(),
    at: z.iso.datetime(),
    /** Files and folders of the good code that this commit brings. */
    adds: z.array(ExamplePath).default([]),
    /** A file beside the manifest, applied after `adds`. */
    patch: ExamplePath.optional(),
    stable: z.literal(true).optional(),
  })
  .refine(({ adds, patch }) => adds.length > 0 || patch !== undefined, 'a commit changes something');

const History = z
  .strictObject({
    author: z.strictObject({ name: z.string().min(1), email: z.email() }),
    commits: z.array(Commit).min(2),
  })
  .refine(({ commits }) => commits.filter(({ stable }) => stable).length === 1, 'one commit is the stable one')
  .refine(({ commits }) => addsEndAtStable(commits), 'commits after the stable one are patches');

function addsEndAtStable(commits: z.infer<typeof Commit>[]): boolean {
  const stableAt = commits.findIndex(({ stable }) => stable);
  return commits.slice(stableAt + 1).every(({ adds }) => adds.length === 0);
}

async function copyPaths(exampleFolder: string, targetFolder: string, paths: string[]): Promise<void> {
  for (const path of paths) {
    await cp(join(exampleFolder, path), join(targetFolder, path), {
      recursive: true,
      filter: (source) => basename(source) !== 'node_modules',
    });
  }
}

type GitInTarget = (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<string>;

// What a user or a machine may have set, and what would change the SHAs or ask for a key.
const FIXED_CONFIG = [
  'core.autocrlf=false',
  'core.fileMode=false',
  'commit.gpgSign=false',
  'gc.auto=0',
  'core.hooksPath=/dev/null',
];
const NO_OTHER_CONFIG = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', GIT_TERMINAL_PROMPT: '0' };

function gitIn(targetFolder: string, git: RunGit): GitInTarget {
  const fixed = FIXED_CONFIG.flatMap((setting) => ['-c', setting]);
  return (args, env = {}) => git(['-C', targetFolder, ...fixed, ...args], { ...NO_OTHER_CONFIG, ...env });
}

async function commitAll(
  inTarget: GitInTarget,
  { title, body, at }: z.infer<typeof Commit>,
  { name, email }: z.infer<typeof History>['author'],
): Promise<string> {
  await inTarget(['add', '--all']);
  await inTarget(['commit', '--quiet', '-m', title, ...(body ? ['-m', body] : [])], {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: at,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: at,
  });
  return (await inTarget(['rev-parse', 'HEAD'])).trim();
}
