import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Repository } from '../../../ports/repository.ts';
import { gitRepository } from '../../git/repository.ts';
import { makeUpstream } from '../../git/upstream.ts';
import { runProgram } from '../../process/run-program.ts';
import { fixRequest } from '../fix-request.ts';
import { revertCommit } from './revert-commit.ts';

const { signal } = new AbortController();
let folder = '';
let tree = '';
let repository: Repository;
let bad = { commit: '', title: 'Nest the payload' };
let overwritten = { commit: '', title: 'Touch a line' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loop-revert-'));
  const upstream = await makeUpstream(folder);
  await upstream.commit('good', { 'events.js': 'flat\n', 'other.js': '1\n' });
  bad = { ...bad, commit: await upstream.commit(bad.title, { 'events.js': 'nested\n' }) };
  overwritten = { ...overwritten, commit: await upstream.commit(overwritten.title, { 'other.js': '2\n' }) };
  const head = await upstream.commit('later', { 'other.js': '3\n' });
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
  await repository.fetch(null, signal);
  const made = await repository.worktree({ name: 'fix', commit: head, branch: 'loop/fix/ab12-1' }, signal);
  tree = made.ok ? made.value : '';
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('revert-commit', () => {
  test('attempt by attempt: a revert, one that does not apply, none left', async () => {
    const fixer = revertCommit({ repository });
    const request = fixRequest(tree, [bad, overwritten]);
    expect(await fixer.fix(request, signal)).toEqual({
      outcome: 'fixed',
      because: `reverted ${bad.commit}`,
      title: 'Revert "Nest the payload"',
    });
    expect(await readFile(join(tree, 'events.js'), 'utf8')).toBe('flat\n');
    expect(await fixer.fix({ ...request, attempt: 2 }, signal)).toEqual({
      outcome: 'blocked',
      because: `${overwritten.commit} was not reverted: later commits changed the same lines of other.js`,
      title: 'Revert "Touch a line"',
    });
    expect(await fixer.fix({ ...request, attempt: 3 }, signal)).toMatchObject({
      outcome: 'no-op',
      because: 'the cause has 2 suspects, and this is attempt 3',
    });
  });

  test('a commit that nobody knows, a cancelled run', async () => {
    const fixer = revertCommit({ repository });
    const unknown = await fixer.fix(fixRequest(tree, [{ commit: '1'.repeat(40), title: 'x' }]), signal);
    expect(unknown.outcome).toBe('agent-error');
    const cancelled = await fixer.fix(fixRequest(tree, [bad]), AbortSignal.abort());
    expect(cancelled).toMatchObject({ outcome: 'agent-error', because: expect.stringContaining('cancelled') });
  });
});
