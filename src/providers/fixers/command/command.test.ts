import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FixAnswer, FixRequest } from '../../../ports/fixer.ts';
import { processTester } from '../../process/tester.ts';
import { fixRequest } from '../fix-request.ts';
import { commandFixer } from './command.ts';

const env = { PATH: '/usr/local/bin:/usr/bin:/bin', MODEL_KEY: 'given' };
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loop-command-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function fix(
  run: readonly string[],
  more: Partial<FixRequest> = {},
  signal = new AbortController().signal,
): Promise<FixAnswer> {
  const fixer = commandFixer({ run, tester: processTester(), env, onStart: async () => undefined });
  return fixer.fix({ ...fixRequest(folder, []), ...more }, signal);
}

describe('how the command ends decides only what the tree cannot', () => {
  const stories: [string, readonly string[], Partial<FixAnswer>][] = [
    ['well', ['touch', 'edited'], { outcome: 'fixed', because: 'the command ended with exit code 0' }],
    [
      'badly',
      ['sh', '-c', "printf 'first\\n\\033[31mno credit\\033[0m\\n\\n'; exit 7"],
      { outcome: 'agent-error', because: 'the command ended with exit code 7: no credit' },
    ],
    ['by a signal', ['sh', '-c', 'kill -9 $$'], { because: 'the command was ended by SIGKILL' }],
    ['it is not there', ['no-such-agent'], { outcome: 'agent-error', because: 'no such program: no-such-agent' }],
  ];
  test.each(stories)('%s', async (_story, run, expected) => {
    expect(await fix(run)).toMatchObject({ ...expected, title: 'Fix tool_name is missing' });
  });

  test('at its limit, even if it then says that all is well', async () => {
    const run = ['sh', '-c', "trap 'exit 0' INT; while :; do sleep 0.05; done"];
    expect((await fix(run, { timeoutMs: 300 })).outcome).toBe('timeout');
  });

  test('cancelled', async () => {
    expect((await fix(['true'], {}, AbortSignal.abort())).outcome).toBe('agent-error');
  });
});

describe('what the command is given', () => {
  test('placeholders inside single words, and an own, empty HOME that is gone afterwards', async () => {
    const script = 'cat "$1" > brief; ls -A "$HOME" > home; printf "%s\\n" "$@" > words; env | sort > env';
    await fix(['sh', '-c', script, 'x', '{prompt_file}', '--dir={worktree}', 'a {base_sha} b', '{other}{toString}']);
    const read = (name: string) => readFile(join(folder, name), 'utf8');
    expect(await read('brief')).toBe('What is known.');
    expect(await read('home')).toBe('');
    const [promptFile = '', ...words] = (await read('words')).trimEnd().split('\n');
    expect(words).toEqual([`--dir=${folder}`, `a ${'0'.repeat(40)} b`, '{other}{toString}']);
    expect(promptFile.startsWith(folder)).toBe(false);
    const names = (await read('env')).split('\n').map((line) => line.split('=')[0]);
    expect(names.filter((name) => !['PWD', 'OLDPWD', '_', 'SHLVL', ''].includes(name ?? ''))).toEqual([
      'HOME',
      'MODEL_KEY',
      'PATH',
      'TMPDIR',
    ]);
    await expect(stat(promptFile)).rejects.toThrow('ENOENT');
    expect((await readdir(folder)).sort()).toEqual(['brief', 'env', 'home', 'words']);
  });

  test('a cause with a long title of several lines gives one short line', async () => {
    const { cause } = fixRequest(folder, []);
    const { title } = await fix(['true'], { cause: { ...cause, title: `first\nsecond\t${'x'.repeat(100)}` } });
    expect(title).toMatch(/^Fix first second x+…$/);
    expect(title).toHaveLength(72);
  });
});
