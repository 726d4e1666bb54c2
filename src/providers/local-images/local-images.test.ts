import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fail, succeed } from '../../core/result.ts';
import type { Repository } from '../../ports/repository.ts';
import { localImagesBuilder } from './local-images.ts';
import { treeDigest } from './tree-digest.ts';

const commit = 'a'.repeat(40);
const signal = new AbortController().signal;
let stateFolder = '';

beforeEach(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), 'loop-images-'));
});
afterEach(() => rm(stateFolder, { recursive: true, force: true }));

/** What Git would extract: files by path. */
function archiveOf(files: Record<string, string>, count = { calls: 0 }): Pick<Repository, 'archive'> {
  return {
    archive: async ({ folder, path }) => {
      count.calls++;
      if (path === 'gone') return fail('not-found', 'no such path');
      for (const [file, text] of Object.entries(files)) {
        await mkdir(join(folder, file, '..'), { recursive: true });
        await writeFile(join(folder, file), text);
      }
      return succeed(null);
    },
  };
}

const app = { 'server.js': 'listen()', 'lib/deep/util.js': 'x' };

it('archives a folder of a commit, links the dependencies and tells the digest of the tree', async () => {
  const repository = archiveOf(app);
  const link = join(stateFolder, 'deps');
  const builder = localImagesBuilder({ stateFolder, repo: 'chat', repository, link, now: () => new Date(0) });
  const built = await builder.build({ commit, path: 'services/auth' }, signal);
  const image = `loop.local/chat/services/auth@${commit}`;
  expect(built).toEqual({ ok: true, value: { image, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) } });
  const folder = join(stateFolder, 'images', 'chat', 'services', 'auth', commit);
  expect(await readFile(join(folder, 'root', 'lib', 'deep', 'util.js'), 'utf8')).toBe('x');
  expect(await readlink(join(folder, 'root', 'node_modules'))).toBe(link);
  const record: unknown = JSON.parse(await readFile(join(folder, 'image.json'), 'utf8'));
  expect(record).toEqual({
    image,
    commit,
    digest: built.ok && built.value.digest,
    createdAt: '1970-01-01T00:00:00.000Z',
  });
});

it('is built once: a second build finds it, two at once agree, and nothing is left over', async () => {
  const count = { calls: 0 };
  const repository = archiveOf(app, count);
  const builder = localImagesBuilder({ stateFolder, repo: 'chat', repository, link: null });
  const many = await Promise.all(Array.from({ length: 6 }, () => builder.build({ commit, path: 'auth' }, signal)));
  const again = await builder.build({ commit, path: 'auth' }, signal);
  expect(new Set([...many, again].map((result) => JSON.stringify(result))).size).toBe(1);
  expect(again.ok).toBe(true);
  expect(count.calls).toBe(6);
  expect(await readdir(join(stateFolder, 'images'))).toEqual(['chat']);
});

it.each([
  ['a path that the commit does not hold', 'gone', app, 'not-found'],
  ['a folder without files', 'auth', {}, 'build'],
  ['a path that leaves its folder', '../../etc', app, 'usage'],
])('%s is a failure and leaves no image', async (_name, path, files, code) => {
  const builder = localImagesBuilder({ stateFolder, repo: 'chat', repository: archiveOf(files), link: null });
  const built = await builder.build({ commit, path }, signal);
  expect(built).toMatchObject({ ok: false, failure: { code } });
  expect(await readdir(join(stateFolder, 'images')).catch(() => [])).toEqual([]);
});

it('keeps dependencies that the commit holds itself', async () => {
  const repository = archiveOf({ ...app, 'node_modules/a/index.js': '' });
  const builder = localImagesBuilder({ stateFolder, repo: 'chat', repository, link: '/nowhere' });
  expect(await builder.build({ commit, path: 'auth' }, signal)).toMatchObject({ ok: true });
  const folder = join(stateFolder, 'images', 'chat', 'auth', commit, 'root', 'node_modules');
  expect((await lstat(folder)).isDirectory()).toBe(true);
});

it('a digest changes with a name, a byte, a mode or a link, and with nothing else', async () => {
  const folder = join(stateFolder, 'tree');
  await mkdir(join(folder, 'b'), { recursive: true });
  await writeFile(join(folder, 'a.js'), '1');
  await writeFile(join(folder, 'b', 'c.js'), '2');
  const seen = new Set([(await treeDigest(folder)).digest]);
  const differs = async (): Promise<boolean> => {
    const { digest } = await treeDigest(folder);
    return !seen.has(digest) && seen.add(digest).has(digest);
  };
  await chmod(join(folder, 'a.js'), 0o600);
  expect(await differs()).toBe(false);
  await chmod(join(folder, 'a.js'), 0o755);
  expect(await differs()).toBe(true);
  await writeFile(join(folder, 'a.js'), '3');
  expect(await differs()).toBe(true);
  await symlink('a.js', join(folder, 'd.js'));
  expect(await differs()).toBe(true);
});
