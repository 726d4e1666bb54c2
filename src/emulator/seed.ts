import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail, type Result, succeed } from '../core/result.ts';
import type { Builder } from '../ports/builder.ts';
import type { Deployer } from '../ports/deployer.ts';
import type { Repository } from '../ports/repository.ts';
import { type RunGit, seedHistory, UnfitHistory } from './seed-history.ts';

export interface SeedService {
  /** The platform's name, e.g. `chat-backend`. */
  readonly name: string;
  /** Its folder in the repository. */
  readonly path: string;
  readonly command: readonly string[];
  /** The container's variables and the hash of its settings, once the services before it have addresses. */
  readonly settings: (
    urls: ReadonlyMap<string, string>,
  ) => Result<{ env: Readonly<Record<string, string>>; hash: string }>;
}

export interface Seed {
  readonly github: { readonly url: string; readonly token: string };
  readonly repository: { readonly owner: string; readonly name: string; readonly base: string };
  /** The example whose history the repository begins with. */
  readonly exampleFolder: string;
  /** In the order of their needs. */
  readonly services: readonly SeedService[];
  readonly deployer: Deployer;
  readonly builder: Builder;
  /** loop's own clone of that repository. */
  readonly clone: Pick<Repository, 'fetch'>;
  readonly git: RunGit;
  /** Called once, when there is something to make. */
  readonly onBegin: () => void;
}

/** On the revisions that were there before the first run. */
const seedLabel = 'seed';

/**
 * Makes what the embedded environment begins with: the example's repository, and every service at its `stable` commit with
 * all traffic. What is there stays; names and commits are the same each time, so that a crash or a second caller does no harm.
 */
export async function seedEnvironment(seed: Seed, signal: AbortSignal): Promise<Result<null>> {
  let begun = false;
  const begin = () => {
    if (!begun) seed.onBegin();
    begun = true;
  };
  const repository = await seedRepository(seed, begin, signal);
  if (!repository.ok) return repository;
  return seedServices(seed, begin, signal);
}

async function seedRepository(seed: Seed, begin: () => void, signal: AbortSignal): Promise<Result<null>> {
  const { owner, name, base } = seed.repository;
  const branch = await ask(seed, 'GET', `/repos/${owner}/${name}/git/ref/heads/${base}`, null, signal);
  if (!branch.ok) return branch;
  if (branch.value === 200) return succeed(null);
  begin();
  const made = await ask(seed, 'POST', `/orgs/${owner}/repos`, { name }, signal);
  if (!made.ok) return made;
  // 422: it is there already, and empty.
  if (made.value !== 201 && made.value !== 422) return refused(`create ${owner}/${name}`, made.value);
  return pushHistory(seed);
}

async function pushHistory({ github, repository, exampleFolder, git }: Seed): Promise<Result<null>> {
  const { owner, name, base } = repository;
  const targetFolder = await mkdtemp(join(tmpdir(), 'loop-seed-'));
  try {
    await seedHistory({ exampleFolder, targetFolder, git });
    const refs = [`refs/heads/main:refs/heads/${base}`, 'refs/tags/stable:refs/tags/stable'];
    const remote = `${github.url}/${owner}/${name}.git`;
    await git(['-C', targetFolder, 'push', '--quiet', remote, ...refs], gitLogin(github));
    return succeed(null);
  } catch (error) {
    if (error instanceof UnfitHistory) return fail('config', error.message, 'mend it, or restore it from the example');
    const because = error instanceof Error ? error.message : String(error);
    return fail('unavailable', `the example's repository could not be made: ${because}`, 'is git on the PATH?');
  } finally {
    await rm(targetFolder, { recursive: true, force: true });
  }
}

/** The token goes as a header by environment: never in a URL, an argv or a file. */
function gitLogin({ url, token }: Seed['github']): Record<string, string> {
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${url}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
  };
}

async function seedServices(seed: Seed, begin: () => void, signal: AbortSignal): Promise<Result<null>> {
  const names = seed.services.map(({ name }) => name);
  const before = await seed.deployer.services(names, signal);
  if (!before.ok) return before;
  const missing = seed.services.filter(({ name }) => !before.value.get(name)?.serving);
  if (missing.length === 0) return succeed(null);
  begin();
  const stable = await seed.clone.fetch('stable', signal);
  if (!stable.ok) return stable;
  const urls = new Map([...before.value.values()].flatMap(({ name, url }) => (url === null ? [] : [[name, url]])));
  for (const service of missing) {
    const url = await seedService(seed, service, { commit: stable.value, urls }, signal);
    if (!url.ok) return url;
    urls.set(service.name, url.value);
  }
  return succeed(null);
}

/** Answers the service's address. */
async function seedService(
  { builder, deployer }: Seed,
  service: SeedService,
  { commit, urls }: { commit: string; urls: ReadonlyMap<string, string> },
  signal: AbortSignal,
): Promise<Result<string>> {
  const settings = service.settings(urls);
  if (!settings.ok) return settings;
  const { env, hash } = settings.value;
  const image = await builder.build({ commit, path: service.path }, signal);
  if (!image.ok) return image;
  const deployed = await deployer.deploy(
    {
      key: `seed/${service.name}`,
      service: service.name,
      revision: `${service.name}-${commit.slice(0, 8)}`,
      tag: null,
      container: { image: image.value.image, command: service.command, env, settings: {} },
      labels: { 'commit-sha': commit, 'loop-run': seedLabel, 'loop-config': hash },
    },
    signal,
  );
  if (!deployed.ok) return deployed;
  const after = await deployer.services([service.name], signal);
  if (!after.ok) return after;
  const url = after.value.get(service.name)?.url;
  return url ? succeed(url) : fail('unavailable', `the embedded platform gives no address for ${service.name}`);
}

/** The status that GitHub's REST API answers with. */
async function ask(
  { github }: Seed,
  method: 'GET' | 'POST',
  path: string,
  body: object | null,
  signal: AbortSignal,
): Promise<Result<number>> {
  try {
    const response = await fetch(`${github.url}${path}`, {
      method,
      signal,
      headers: { authorization: `Bearer ${github.token}`, 'content-type': 'application/json' },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
    await response.arrayBuffer();
    return succeed(response.status);
  } catch (error) {
    if (signal.aborted) return fail('cancelled', 'cancelled while the embedded environment was prepared');
    return fail(
      'unavailable',
      `the embedded GitHub does not answer: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function refused(what: string, status: number): ReturnType<typeof fail> {
  return fail('unavailable', `the embedded GitHub refused to ${what}: status ${status}`);
}
