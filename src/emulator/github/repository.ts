import { createHash, randomUUID } from 'node:crypto';
import { access, appendFile, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Git, type GitHost, gitIn, gitText } from './git.ts';
import { type RepositoryRecord, readRecord, writeRecord } from './records.ts';

/** One bare Git repository and the record beside it. */
export interface Repository {
  readonly git: Git;
  /** What is stored now; never changes under the reader's hands. */
  record(): RepositoryRecord;
  /** Changes a copy, stores it, then shows it. When storing fails, nothing has changed. Call it inside `exclusively`. */
  edit<T>(change: (draft: RepositoryRecord) => T): Promise<T>;
  /** One after the other: no two changes of a repository run at the same time. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** What the branches looked like when the record was last brought in line with them. */
  seen: { heads: string | null };
}

export interface NewRepository {
  readonly owner: string;
  readonly ownerType: RepositoryRecord['ownerType'];
  readonly name: string;
  readonly description: string | null;
  readonly private: boolean;
  readonly now: string;
}

/** Opens a repository that exists; null when there is none. A bare repository that was put there by hand is taken over. */
export async function openRepository(
  paths: RepositoryPaths,
  facts: NewRepository,
  host: GitHost,
): Promise<Repository | null> {
  if (!(await exists(paths.folder))) return null;
  const git = gitIn(paths.folder, host);
  const stored = await readRecord(paths.record);
  if (stored !== null) return repositoryOf(git, paths.record, stored);
  const branch = await git(['symbolic-ref', '--short', 'HEAD']);
  const record = newRecord(facts, branch.code === 0 ? branch.stdout.toString().trim() : 'main');
  await writeRecord(paths.record, record);
  return repositoryOf(git, paths.record, record);
}

/** Makes the bare repository and its record; null when the name is taken. */
export async function createRepository(
  paths: RepositoryPaths,
  facts: NewRepository,
  host: GitHost,
): Promise<Repository | null> {
  await mkdir(path.dirname(paths.folder), { recursive: true });
  const draft = `${paths.folder}.${randomUUID()}.tmp`;
  await gitText(gitIn(draft, host), ['init', '--quiet', '--bare', '--template=', '--initial-branch=main']);
  await appendFile(path.join(draft, 'config'), bareSettings);
  try {
    await rename(draft, paths.folder);
  } catch {
    // A folder that is not empty cannot be replaced: the repository was there first.
    await rm(draft, { recursive: true, force: true });
    return null;
  }
  await rm(paths.record, { force: true });
  return openRepository(paths, facts, host);
}

export interface RepositoryPaths {
  readonly folder: string;
  readonly record: string;
}

/** Where a repository lies. GitHub's names do not tell capitals apart, so neither do the folders. */
export function repositoryPaths(root: string, owner: string, name: string): RepositoryPaths {
  const stem = path.join(root, owner.toLowerCase(), name.toLowerCase());
  return { folder: `${stem}.git`, record: `${stem}.json` };
}

/** GitHub's rules for the two names, which also keep them from leaving the folder, being an option or hiding an API route. */
export function isOwnerName(owner: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/.test(owner) && !ownersReserved.has(owner.toLowerCase());
}

export function isRepositoryName(name: string): boolean {
  return /^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,99}$/.test(name) && !/^\.{1,2}$/.test(name) && !/\.(git|wiki)$/i.test(name);
}

const ownersReserved = new Set(['repos', 'repositories', 'user', 'users', 'orgs', 'search', 'graphql', 'settings']);

// Hidden from pushes as on GitHub, where refs/pull belongs to the forge. Nothing is collected in the background: no process stays behind.
const bareSettings = `[http]
	receivepack = true
[receive]
	autogc = false
	hideRefs = refs/pull
[gc]
	auto = 0
[core]
	logAllRefUpdates = false
`;

function repositoryOf(git: Git, file: string, stored: RepositoryRecord): Repository {
  let record = stored;
  let last: Promise<unknown> = Promise.resolve();
  return {
    git,
    seen: { heads: null },
    record: () => record,
    async edit(change) {
      const draft = structuredClone(record);
      const result = change(draft);
      await writeRecord(file, draft);
      record = draft;
      return result;
    },
    exclusively(work) {
      const mine = last.then(work, work);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

function newRecord(facts: NewRepository, defaultBranch: string): RepositoryRecord {
  const { now, ...names } = facts;
  return {
    schema: 1,
    id: idOf(`${names.owner}/${names.name}`),
    ...names,
    defaultBranch,
    defaultSha: null,
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
    nextNumber: 1,
    nextId: 1,
    issues: [],
    comments: [],
    labels: [],
    statuses: [],
    checkRuns: [],
  };
}

/** A number below 2^31 that stays the same for a name: GitHub's ids are numbers, and ours need no register. */
export function idOf(name: string): number {
  return createHash('sha256').update(name.toLowerCase()).digest().readUInt32BE(0) >>> 1;
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}
