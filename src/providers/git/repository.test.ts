import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Result } from '../../core/result.ts';
import type { Repository } from '../../ports/repository.ts';
import { runProgram } from '../process/run-program.ts';
import { gitRepository } from './repository.ts';
import type { GitSettings } from './settings.ts';
import { makeUpstream, quiet, type Upstream } from './upstream.ts';

const { signal } = new AbortController();
const git = promisify(execFile);
let folder = '';
let upstream: Upstream;
let repository: Repository;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loop-git-'));
  upstream = await makeUpstream(folder);
  repository = open();
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function open(more: Partial<GitSettings> = {}): Repository {
  return gitRepository({
    folder: join(folder, 'loop'),
    remoteUrl: upstream.url,
    token: null,
    base: 'main',
    identity: { name: 'loop', email: 'loop@example.com' },
    link: null,
    env: { PATH: process.env.PATH },
    run: runProgram,
    ...more,
  });
}

async function value<T>(result: Promise<Result<T>>): Promise<T> {
  const settled = await result;
  if (!settled.ok) throw new Error(`${settled.failure.code}: ${settled.failure.message}`);
  return settled.value;
}

async function failure(result: Promise<Result<unknown>>): Promise<string> {
  const settled = await result;
  return settled.ok ? 'no failure' : `${settled.failure.code}: ${settled.failure.message}`;
}

async function inClone(...args: string[]): Promise<string> {
  const { stdout } = await git('git', [`--git-dir=${join(folder, 'loop', 'clone.git')}`, ...args], { env: quiet });
  return stdout.trim();
}

describe('distance', () => {
  test('merges count, both sides are told, and a short name is made whole', async () => {
    const root = await upstream.commit('root', { 'a.txt': '1' });
    await upstream.git('checkout', '--quiet', '-b', 'side');
    const side = await upstream.commit('side', { 'b.txt': '1' });
    await upstream.git('checkout', '--quiet', 'main');
    await upstream.commit('more', { 'a.txt': '2' });
    await upstream.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'side');
    await upstream.git('push', '--quiet', 'origin', 'main');
    const head = await value(repository.fetch(null, signal));
    expect(await value(repository.distance(root, head, signal))).toEqual({ behind: 3, ahead: 0 });
    expect(await value(repository.distance(head, root, signal))).toEqual({ behind: 0, ahead: 3 });
    expect(await value(repository.distance(side, head, signal))).toEqual({ behind: 2, ahead: 0 });
    expect(await value(repository.fullName(side.slice(0, 7), signal))).toBe(side);
    expect(await failure(repository.fullName('0000000', signal))).toMatch(/^not-found/);
    expect(await failure(repository.fullName('--all', signal))).toMatch(/^not-found/);
    expect(await failure(repository.distance('f'.repeat(40), head, signal))).not.toBe('no failure');
  });
});

describe('fetch', () => {
  test('an empty repository, a missing base, a ref that nobody knows', async () => {
    expect(await failure(repository.fetch(null, signal))).toBe('not-found: the repository has no commits');
    await upstream.commit('one', { 'a.txt': '1' });
    expect(await failure(open({ base: 'trunk' }).fetch(null, signal))).toBe(
      'not-found: the repository has no branch trunk',
    );
    expect(await failure(repository.fetch('--upload-pack=x', signal))).toBe(
      'usage: the repository has no branch, tag or commit "--upload-pack=x"',
    );
  });

  test('follows the base, branches, tags, short and unreachable commits; forgets what is gone', async () => {
    const one = await upstream.commit('one', { 'a.txt': '1' });
    await upstream.git('tag', 'v1');
    await upstream.git('push', '--quiet', 'origin', 'v1');
    await upstream.git('checkout', '--quiet', '-b', 'feature/x');
    const two = await upstream.commit('two', { 'a.txt': '2' });
    expect(await value(repository.fetch(null, signal))).toBe(one);
    for (const ref of ['feature/x', 'refs/heads/feature/x', 'origin/feature/x', two, two.slice(0, 8)]) {
      expect(await value(repository.fetch(ref, signal))).toBe(two);
    }
    expect(await value(repository.fetch('v1', signal))).toBe(one);

    await upstream.git('push', '--quiet', 'origin', `${two}:refs/pull/7/head`, ':feature/x');
    expect(await failure(repository.fetch('feature/x', signal))).toContain('usage');
    expect(await value(repository.fetch('refs/pull/7/head', signal))).toBe(two);
  });

  test('a remote that is not there is said as that', async () => {
    const gone = open({ remoteUrl: `file://${folder}/gone.git` });
    expect(await failure(gone.fetch(null, signal))).toContain('not-found: git fetch: fatal:');
    const closed = open({ remoteUrl: 'http://127.0.0.1:9/a/b.git' });
    expect(await failure(closed.fetch(null, signal))).toContain('unavailable: git fetch: fatal: unable to access');
  });
});

describe('history', () => {
  test('commits, files and lines, with names that git has to quote', async () => {
    const odd = 'q"u\to\\te é.js';
    const one = await upstream.commit('one', {
      'a b.txt': 'a\nb\nc\n',
      [odd]: 'x\n',
      'old.txt': 'long enough\nto be\nthe same\n',
    });
    const two = await upstream.commit('two: a\u001fb', { 'a b.txt': 'a\n--- not a header\nc\n+++ d\n', [odd]: null });
    const three = await upstream.commit('three', {});
    const four = await upstream.commit('four', { 'old.txt': null, 'new.txt': 'long enough\nto be\nthe same\n' });
    await value(repository.fetch(null, signal));

    const commits = await value(repository.commitsBetween(one, four, signal));
    expect(commits.map(({ sha, files }) => [sha, files])).toEqual([
      [four, ['new.txt', 'old.txt']],
      [three, []],
      [two, ['a b.txt', odd]],
    ]);
    expect(commits.at(-1)?.at).toBe('2026-01-01T00:02:00.000Z');
    expect(await value(repository.patch(two, 10_000, signal))).toMatch(/^commit [0-9a-f]{40}\n(.*\n)*--- a\/a b\.txt/);
    expect(await value(repository.changedLines(two, signal))).toEqual([
      { path: 'a b.txt', line: 2, kind: '-', text: 'b' },
      { path: 'a b.txt', line: 2, kind: '+', text: '--- not a header' },
      { path: 'a b.txt', line: 4, kind: '+', text: '+++ d' },
      { path: odd, line: 1, kind: '-', text: 'x' },
    ]);
    expect(await value(repository.changedLines(four, signal))).toEqual([]);
    expect(await failure(repository.changedLines('HEAD', signal))).toBe('not-found: not a full commit name: "HEAD"');
    expect(await failure(repository.commitsBetween(one, '1'.repeat(40), signal))).toContain(
      'not-found: git log: fatal:',
    );
  });

  test('a diff is cut behind a whole line', async () => {
    const one = await upstream.commit('one', { 'a.txt': '' });
    const two = await upstream.commit('two', { 'a.txt': 'é\n'.repeat(1000) });
    await value(repository.fetch(null, signal));
    const whole = await value(repository.diff(one, two, 100_000, signal));
    expect(whole.match(/^\+é$/gm)).toHaveLength(1000);
    const part = await value(repository.diff(one, two, 500, signal));
    expect(Buffer.byteLength(part)).toBeLessThanOrEqual(500);
    expect(whole.startsWith(part)).toBe(true);
    expect(part.endsWith('+é\n')).toBe(true);
  });

  test('ancestry, and the same change under another commit', async () => {
    const one = await upstream.commit('one', { 'a.txt': '1\n' });
    await upstream.git('checkout', '--quiet', '-b', 'fix');
    const fix = await upstream.commit('fix', { 'a.txt': '2\n' });
    await upstream.git('checkout', '--quiet', 'main');
    await upstream.commit('other', { 'b.txt': 'b\n' });
    const squashed = await upstream.commit('fix (#1)', { 'a.txt': '2\n' });
    await value(repository.fetch(null, signal));
    expect(await value(repository.contains(fix, one, signal))).toBe(true);
    expect(await value(repository.contains(squashed, fix, signal))).toBe(false);
    expect(await value(repository.patchId(fix, signal))).toBe(await value(repository.patchId(squashed, signal)));
    expect(await value(repository.patchId(one, signal))).not.toBe(await value(repository.patchId(fix, signal)));
    const empty = await upstream.commit('nothing', {});
    await value(repository.fetch(null, signal));
    expect(await failure(repository.patchId(empty, signal))).toContain('not-found');
  });
});

describe('worktrees and commits', () => {
  const at = '2026-01-02T03:04:05.678Z';

  test('a fix: worktree, revert, commit, push; every step again gives the same', async () => {
    await upstream.commit('good', { 'a.txt': 'good\n', 'b.txt': 'b\n' });
    const bad = await upstream.commit('bad', { 'a.txt': 'bad\n' });
    const head = await upstream.commit('harmless', { 'b.txt': 'bb\n' });
    await value(repository.fetch(null, signal));
    const shas = [];
    for (const again of [repository, open()]) {
      const tree = await value(again.worktree({ name: 'fix-1', commit: head, branch: 'loop/fix/abc-1' }, signal));
      expect(await value(again.changedFiles(tree, signal))).toEqual([]);
      await value(again.revert(tree, bad, signal));
      expect(await value(again.changedFiles(tree, signal))).toEqual(['a.txt']);
      shas.push(await value(again.commit({ folder: tree, message: 'Revert "bad"', at }, signal)));
      shas.push(await value(again.commit({ folder: tree, message: 'Revert "bad"', at }, signal)));
      await value(again.push({ key: 'k', branch: 'loop/fix/abc-1', commit: shas[0] ?? '' }, signal));
    }
    expect(new Set(shas).size).toBe(1);
    const [fix = ''] = shas;
    expect(await value(repository.remoteBranch('loop/fix/abc-1', signal))).toBe(fix);
    expect(await value(repository.remoteBranch('fix/abc-1', signal))).toBeNull();
    const seen = await inClone('log', '-1', '--format=%P|%an|%ce|%cI|%B', fix);
    expect(seen).toBe(`${head}|loop|loop@example.com|2026-01-02T03:04:05+00:00|Revert "bad"`);
    expect(await inClone('rev-parse', 'refs/heads/loop/fix/abc-1')).toBe(fix);
    expect((await inClone('diff', '--name-only', head, fix)).split('\n')).toEqual(['a.txt']);
  });

  test('a revert that does not apply leaves the worktree clean and names the files', async () => {
    const bad = await upstream.commit('bad', { 'a.txt': 'bad\n' });
    const head = await upstream.commit('later', { 'a.txt': 'later\n' });
    await value(repository.fetch(null, signal));
    const tree = await value(repository.worktree({ name: 'w', commit: head, branch: null }, signal));
    expect(await failure(repository.revert(tree, bad, signal))).toBe(
      'conflict: later commits changed the same lines of a.txt',
    );
    expect(await value(repository.changedFiles(tree, signal))).toEqual([]);
    expect(await failure(repository.commit({ folder: tree, message: 'm', at }, signal))).toContain('no changes');
  });

  test('what an editing program did with git itself does not count: only the files do', async () => {
    const head = await upstream.commit('one', { 'a.txt': '1\n', 'b.txt': '1\n', '.gitignore': 'ignored\n' });
    await value(repository.fetch(null, signal));
    const tree = await value(repository.worktree({ name: 'w', commit: head, branch: 'loop/fix/x-1' }, signal));
    await writeFile(join(tree, 'a.txt'), '2\n');
    await git('git', ['commit', '--quiet', '--all', '-m', 'sneaked in'], { cwd: tree, env: quiet });
    await writeFile(join(tree, 'b.txt'), '2\n');
    await git('git', ['update-index', '--assume-unchanged', 'b.txt'], { cwd: tree, env: quiet });
    await writeFile(join(tree, 'new é.txt'), 'new');
    await writeFile(join(tree, 'ignored'), 'x');
    expect(await value(repository.changedFiles(tree, signal))).toEqual(['a.txt', 'b.txt', 'new é.txt']);
    const sha = await value(repository.commit({ folder: tree, message: 'Fix it', at }, signal));
    expect(await inClone('log', '--format=%s', `${head}..${sha}`)).toBe('Fix it');
    expect((await inClone('-c', 'core.quotePath=false', 'diff', '--name-only', head, sha)).split('\n')).toEqual([
      'a.txt',
      'b.txt',
      'new é.txt',
    ]);
  });

  test('the shared folder is linked in, survives a reset, is no change and is never committed', async () => {
    const target = join(folder, 'installed');
    await mkdir(target);
    await writeFile(join(target, 'dependency.js'), '');
    const head = await upstream.commit('one', { 'a.txt': '1\n' });
    const linked = open({ link: { name: 'node_modules', target } });
    await value(linked.fetch(null, signal));
    const request = { name: 'w', commit: head, branch: null };
    const tree = await value(linked.worktree(request, signal));
    expect(await readlink(join(tree, 'node_modules'))).toBe(target);
    expect(await value(linked.changedFiles(tree, signal))).toEqual([]);

    await writeFile(join(tree, 'a.txt'), '2\n');
    await rm(join(tree, 'node_modules'));
    await mkdir(join(tree, 'node_modules', 'own'), { recursive: true });
    await value(linked.worktree(request, signal));
    expect(await readFile(join(tree, 'a.txt'), 'utf8')).toBe('1\n');
    expect(await readlink(join(tree, 'node_modules'))).toBe(target);
    expect(await readdir(target)).toEqual(['dependency.js']);
    await value(linked.removeWorktree('w', signal));
    expect(await readdir(target)).toEqual(['dependency.js']);
  });

  test('hooks and a monitor that lie in the clone never run', async () => {
    const head = await upstream.commit('one', { 'a.txt': '1\n' });
    await value(repository.fetch(null, signal));
    const trap = join(folder, 'trap.sh');
    await writeFile(trap, `#!/bin/sh\ntouch ${folder}/sprung\n`, { mode: 0o755 });
    for (const hook of ['post-checkout', 'pre-push', 'post-index-change', 'reference-transaction']) {
      await mkdir(join(folder, 'loop/clone.git/hooks'), { recursive: true });
      await symlink(trap, join(folder, 'loop/clone.git/hooks', hook));
    }
    await inClone('config', 'core.fsmonitor', trap);
    const tree = await value(repository.worktree({ name: 'w', commit: head, branch: 'loop/x' }, signal));
    await writeFile(join(tree, 'a.txt'), '2\n');
    const commit = await value(repository.commit({ folder: tree, message: 'm', at }, signal));
    await value(repository.push({ key: 'k', branch: 'loop/x', commit }, signal));
    expect(await readdir(folder)).not.toContain('sprung');
  });

  test.each(['../out', 'a/b', '-x', '', '.git'])('a worktree is not named %j', async (name) => {
    expect(await failure(repository.worktree({ name, commit: '1'.repeat(40), branch: null }, signal))).toContain(
      'usage',
    );
    expect(await failure(repository.removeWorktree(name, signal))).toContain('usage');
  });

  test('a folder that is not ours is not touched', async () => {
    expect(await failure(repository.changedFiles(folder, signal))).toContain('usage');
    expect(await failure(repository.commit({ folder, message: 'm', at }, signal))).toContain('usage');
    expect(await failure(repository.revert(folder, '1'.repeat(40), signal))).toContain('usage');
  });
});

describe('push', () => {
  test('never to the base, never backwards, forward and again', async () => {
    const one = await upstream.commit('one', { 'a.txt': '1\n' });
    const two = await upstream.commit('two', { 'a.txt': '2\n' });
    await value(repository.fetch(null, signal));
    const push = (branch: string, commit: string) => repository.push({ key: 'k', branch, commit }, signal);
    for (const base of ['main', 'Main', 'refs/heads/main', 'heads/main']) {
      expect(await failure(push(base, two))).toBe('permission: loop never pushes to the base branch main');
    }
    expect(await failure(push('a..b', two))).toContain('usage');
    await value(push('loop/x', one));
    await value(push('loop/x', two));
    await value(push('loop/x', two));
    expect(await failure(push('loop/x', one))).toContain('conflict: git push: ! [rejected]');
    expect(await value(repository.remoteBranch('loop/x', signal))).toBe(two);
  });
});

describe('after a crash', () => {
  test('half a worktree, locks of a git that died, a fetch that was cut off', async () => {
    const head = await upstream.commit('one', { 'a.txt': '1\n' });
    const request = { name: 'w', commit: head, branch: 'loop/x' };
    await value(repository.fetch(null, signal));
    const tree = await value(repository.worktree(request, signal));
    const half = join(folder, 'loop/clone.git/worktrees/w');
    const damage: (() => Promise<unknown>)[] = [
      () => rm(half, { recursive: true }),
      () => rm(tree, { recursive: true }),
      () => rm(join(tree, '.git')),
      () => writeFile(join(half, 'locked'), 'initializing'),
      () => writeFile(join(tree, '.git'), 'gitdir: /elsewhere'),
      () => rm(join(tree, 'a.txt')),
      () => writeFile(join(half, 'index.lock'), ''),
      () => writeFile(join(folder, 'loop/clone.git/refs/heads/loop/x.lock'), ''),
    ];
    for (const harm of damage) {
      await harm();
      expect(await value(open().worktree(request, signal))).toBe(tree);
      expect(await readFile(join(tree, 'a.txt'), 'utf8')).toBe('1\n');
      expect(await value(repository.changedFiles(tree, signal))).toEqual([]);
    }
    await writeFile(join(folder, 'loop/clone.git/refs/remotes/origin/main.lock'), '');
    const next = await upstream.commit('two', { 'a.txt': '2\n' });
    expect(await value(open().fetch(null, signal))).toBe(next);
    await value(repository.removeWorktree('w', signal));
    await value(repository.removeWorktree('w', signal));
    expect(await inClone('worktree', 'list')).not.toContain('worktrees/w');
  });

  test('a folder where nothing can be written is a failure, not an exception', async () => {
    await writeFile(join(folder, 'file'), '');
    expect(await failure(open({ folder: join(folder, 'file') }).fetch(null, signal))).toContain(
      'unavailable: the disk refused',
    );
  });

  test('cancelled in the middle is said as that', async () => {
    expect(await failure(repository.fetch(null, AbortSignal.abort()))).toContain('cancelled: git init was cancelled');
  });
});

describe('archive', () => {
  test('one folder of a commit, whole, whatever its attributes say', async () => {
    const head = await upstream.commit('one', {
      'backend/server.js': 'serve\n',
      'backend/lib/x.js': 'x\n',
      'backend/.gitattributes': '*.js export-ignore\n',
      'auth/server.js': 'auth\n',
    });
    await value(repository.fetch(null, signal));
    for (const path of ['backend', './backend/', 'backend/lib/..']) {
      const out = await mkdtemp(join(folder, 'out-'));
      await value(repository.archive({ commit: head, path, folder: out }, signal));
      expect((await readdir(out)).sort()).toEqual(['.gitattributes', 'lib', 'server.js']);
    }
    const all = await mkdtemp(join(folder, 'out-'));
    await value(repository.archive({ commit: head, path: '.', folder: all }, signal));
    expect((await readdir(all)).sort()).toEqual(['auth', 'backend']);
    expect(await failure(repository.archive({ commit: head, path: 'nowhere', folder: all }, signal))).toContain(
      'not-found',
    );
    expect(await failure(repository.archive({ commit: head, path: '../x', folder: all }, signal))).toContain('usage');
    expect(await failure(repository.archive({ commit: head, path: 'auth/server.js', folder: all }, signal))).not.toBe(
      'no failure',
    );
  });
});
