import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnvironmentConfig } from '../config/environment.ts';
import { PipelineConfig } from '../config/pipeline.ts';
import { fail, succeed } from '../core/result.ts';
import type { RevisionFacts, ServiceFacts } from '../ports/deployer.ts';
import type { Repository } from '../ports/repository.ts';
import { makeUpstream, type Upstream } from '../providers/git/upstream.ts';
import { gitRepository, runProgram } from '../providers/index.ts';
import { findImpact } from './find-impact.ts';

const { signal } = new AbortController();
let folder = '';
let upstream: Upstream;
let repository: Repository;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loop-impact-'));
  upstream = await makeUpstream(folder);
  repository = gitRepository({
    folder: join(folder, 'loop'),
    remoteUrl: upstream.url,
    token: null,
    base: 'main',
    identity: { name: 'loop', email: 'loop@example.com' },
    link: null,
    env: { PATH: process.env.PATH },
    run: runProgram,
  });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const { services } = EnvironmentConfig.pick({ services: true }).parse({
  services: {
    auth: { cloudRun: 'chat-auth', path: 'auth', candidate: 'tag' },
    backend: { cloudRun: 'chat-backend', path: 'backend', candidate: 'tag' },
  },
});
const suite = (covers: string[]) => ({ service: 'auth', run: ['node'], report: { path: '*.xml' }, covers });
const { suites } = PipelineConfig.parse({
  pipeline: 'e2e',
  phases: [{ name: 'all-of-it', suites: ['auth', 'backend', 'everything', 'silent'] }],
  suites: {
    auth: suite(['auth/**', 'e2e/auth.test.js']),
    backend: suite(['backend/**']),
    everything: suite(['**']),
    silent: suite([]),
  },
});

/** What the platform says of the two services: the commits that serve; null where the revision carries none. */
function platform(commits: Readonly<Record<string, string | null>>) {
  const names = { 'chat-auth': 'auth', 'chat-backend': 'backend' } as const;
  type Name = keyof typeof names;
  return {
    services: async (asked: readonly string[]) =>
      succeed(
        new Map(
          asked
            .filter((name) => names[name as Name] in commits)
            .map((name) => [name, { name, serving: `${name}-00001` } as ServiceFacts]),
        ),
      ),
    revision: async (service: string) =>
      succeed({ commit: commits[names[service as Name]] ?? null, commitFrom: 'label' } as RevisionFacts),
  };
}

const found = (commits: Readonly<Record<string, string | null>>, ref: string | null = null) =>
  findImpact({ services, suites, ref }, { deployer: platform(commits), repository }, signal);

test('all that any service does not have yet, merges and renames too; what was changed back is not there', async () => {
  const root = await upstream.commit('root', { 'auth/a.js': '1', 'backend/b.js': '1', 'docs/x.md': '1' });
  const second = await upstream.commit('second', { 'backend/b.js': '2', 'docs/x.md': '2' });
  await upstream.git('checkout', '--quiet', '-b', 'side', root);
  await upstream.commit('side', { 'e2e/auth.test.js': '1' });
  await upstream.git('checkout', '--quiet', 'main');
  await upstream.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'side');
  const head = await upstream.commit('back', { 'docs/x.md': '1', 'auth/a.js': null, 'auth/ä b.js': '1' });
  expect(await found({ auth: root, backend: second.slice(0, 9) })).toEqual({
    from: { auth: root, backend: second },
    to: head,
    paths: ['auth/a.js', 'auth/ä b.js', 'backend/b.js', 'docs/x.md', 'e2e/auth.test.js'],
    more: 0,
    uncovered: 0,
    unknown: null,
    suites: {
      auth: { path: 'auth/a.js', paths: 3 },
      backend: { path: 'backend/b.js', paths: 1 },
      everything: { path: 'auth/a.js', paths: 5 },
    },
  });
  expect(await found({ auth: head, backend: head })).toMatchObject({ paths: [], suites: {}, unknown: null });
  expect(await found({ auth: root, backend: root }, 'side')).toMatchObject({ paths: ['e2e/auth.test.js'] });
});

test('more paths than are kept are matched all the same', async () => {
  const root = await upstream.commit('root', { 'a.txt': '1' });
  await upstream.commit('many', {
    ...Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`aaa/${n}.txt`, 'x'])),
    'backend/z.js': '1',
  });
  const { paths, more, suites: covered } = await found({ auth: root, backend: root });
  expect([paths.length, more]).toEqual([200, 51]);
  expect(covered.backend).toEqual({ path: 'backend/z.js', paths: 1 });
});

test('what cannot be known is said, and nothing else is', async () => {
  const root = await upstream.commit('root', { 'a.txt': '1' });
  const nobody = 'f'.repeat(40);
  const unknown = async (commits: Readonly<Record<string, string | null>>, ref: string | null = null) =>
    (await found(commits, ref)).unknown;
  expect(await unknown({ auth: root, backend: null })).toBe('the commit that serves backend is unknown');
  expect(await unknown({ auth: root })).toBe('the commit that serves backend is unknown');
  expect(await unknown({ auth: root, backend: nobody })).toMatch(
    /^ffffffffffff, which serves backend, cannot be compared with HEAD [0-9a-f]{12}: /,
  );
  expect(await unknown({ auth: root, backend: root }, 'nowhere')).toMatch(/^HEAD could not be read: .*nowhere/);
  const down = { ...platform({}), services: async () => fail('unavailable', 'no answer') };
  expect(await findImpact({ services, suites, ref: null }, { deployer: down, repository }, signal)).toMatchObject({
    to: root,
    unknown: 'the platform could not be read: no answer',
    suites: {},
  });
});
