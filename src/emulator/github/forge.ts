import path from 'node:path';
import type { GitHost } from './git.ts';
import {
  createRepository,
  isOwnerName,
  isRepositoryName,
  type NewRepository,
  openRepository,
  type Repository,
  repositoryPaths,
} from './repository.ts';

/** All repositories of one emulator, and who asks. */
export interface Forge {
  /** Where the API and the pages are reached, such as `http://127.0.0.1:4010`. */
  readonly origin: string;
  /** The name of the user whose token is used. */
  readonly login: string;
  /** The folder that holds `<owner>/<repository>.git`. */
  readonly root: string;
  readonly host: GitHost;
  /** The time in GitHub's shape: UTC, whole seconds. */
  now(): string;
  repository(owner: string, name: string): Promise<Repository | null>;
  /** Null when the name is taken. The names must have been checked. */
  create(request: Pick<NewRepository, 'owner' | 'name' | 'description' | 'private'>): Promise<Repository | null>;
}

export function openForge(options: {
  origin: string;
  login: string;
  root: string;
  host: GitHost;
  clock: () => Date;
}): Forge {
  const { clock, ...facts } = options;
  const open = new Map<string, Promise<Repository | null>>();
  const now = () => toTime(clock());
  const ownerType = (owner: string) => (owner.toLowerCase() === facts.login.toLowerCase() ? 'User' : 'Organization');
  return {
    ...facts,
    now,
    async repository(owner, name) {
      if (!isOwnerName(owner) || !isRepositoryName(name)) return null;
      const paths = repositoryPaths(facts.root, owner, name);
      const unknown = {
        owner,
        name,
        ownerType: ownerType(owner),
        description: null,
        private: true,
        now: now(),
      } as const;
      return remember(open, paths.folder, () => openRepository(paths, unknown, facts.host));
    },
    async create(request) {
      const paths = repositoryPaths(facts.root, request.owner, request.name);
      const created = await createRepository(
        paths,
        { ...request, ownerType: ownerType(request.owner), now: now() },
        facts.host,
      );
      if (created !== null) open.set(paths.folder, Promise.resolve(created));
      return created;
    },
  };
}

export function repositoryFolder(forge: Forge, owner: string, name: string): string {
  return path.relative(forge.root, repositoryPaths(forge.root, owner, name).folder);
}

export function toTime(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Opens each repository once. What is missing or could not be read is looked at again next time. */
async function remember(
  open: Map<string, Promise<Repository | null>>,
  folder: string,
  read: () => Promise<Repository | null>,
): Promise<Repository | null> {
  const known = open.get(folder);
  if (known !== undefined) return known;
  const reading = read();
  open.set(folder, reading);
  try {
    const repository = await reading;
    if (repository === null) open.delete(folder);
    return repository;
  } catch (error) {
    open.delete(folder);
    throw error;
  }
}
