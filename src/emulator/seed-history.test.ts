import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunGit, type SeededHistory, seedHistory } from './seed-history.ts';

const exampleFolder = join(import.meta.dirname, '../../examples/chat');
const BAD_TITLE = 'backend: nest event fields in a payload';
const PATH = process.env.PATH ?? '';
const run = promisify(execFile);

const git: RunGit = async (args, env) => (await run('git', [...args], { env: { PATH, ...env } })).stdout;

let folder: string;
let seeded: SeededHistory;
const gitIn = (target: string, ...args: string[]) =>
  git(['-C', target, ...args], {
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_AUTHOR_NAME: 'test',
    GIT_AUTHOR_EMAIL: 'test@loop.invalid',
    GIT_COMMITTER_NAME: 'test',
    GIT_COMMITTER_EMAIL: 'test@loop.invalid',
  });

beforeAll(async () => {
  expect(existsSync(join(exampleFolder, 'node_modules')), 'run npm ci in examples/chat').toBe(true);
  folder = await mkdtemp(join(tmpdir(), 'seed-history-'));
  seeded = await seedHistory({ exampleFolder, targetFolder: join(folder, 'repo'), git });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the history', () => {
  test('is the same on a second build', async () => {
    expect(await seedHistory({ exampleFolder, targetFolder: join(folder, 'again'), git })).toEqual(seeded);
  });

  test('has one bad commit among harmless ones, after the last good one', async () => {
    const titles = seeded.commits.map(({ title }) => title);
    const stableAt = seeded.commits.findIndex(({ sha }) => sha === seeded.stable);
    expect(titles.slice(stableAt + 1).length).toBe(6);
    expect(titles.indexOf(BAD_TITLE)).toBe(stableAt + 3);
    expect(await gitIn(join(folder, 'repo'), 'rev-parse', 'main', 'stable')).toBe(`${seeded.head}\n${seeded.stable}\n`);
  });

  test('holds at its stable commit what the example holds, and no dependency', async () => {
    const tracked = await gitIn(join(folder, 'repo'), 'ls-tree', '-r', '--name-only', seeded.stable);
    expect(tracked.trim().split('\n').sort()).toEqual([...(await exampleFiles()), '.gitignore'].sort());
  });
});

describe('the suites', () => {
  const FIELDS_LOST = [
    'tool_executing has no tool_name (keys: type, run_id, payload)',
    'tool_completed has no tool_name (keys: type, run_id, payload)',
    'tool_completed has no results (keys: type, run_id, payload)',
  ];
  const table: [state: string, failed: Record<string, number>, messages: string[]][] = [
    ['stable', {}, []],
    ['head', { 'websocket-events': 3, 'golden-path': 2, websockets: 1 }, FIELDS_LOST],
    ['head with the bad commit reverted', {}, []],
  ];
  const counts = { 'websocket-events': 8, auth: 7, 'golden-path': 5, frontend: 6, websockets: 6 };

  test.each(table)('at %s', async (state, failed, messages) => {
    const checkout = await checkOut(state);
    const services = await startServices(checkout);
    try {
      for (const [suite, tests] of Object.entries(counts)) {
        const { output, ...outcome } = await runSuite(checkout, suite, services.env);
        const lost = failed[suite] ?? 0;
        expect(outcome, `${suite} at ${state}\n${output}`).toEqual({ tests, passed: tests - lost, failed: lost });
        if (suite === 'websocket-events') for (const message of messages) expect(output).toContain(message);
      }
    } finally {
      await services.stop();
    }
  });
});

async function exampleFiles(): Promise<string[]> {
  const entries = await readdir(exampleFolder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(exampleFolder.length + 1))
    .filter((path) => !/^(node_modules|history)\//.test(path));
}

async function checkOut(state: string): Promise<string> {
  const checkout = join(folder, state.replaceAll(' ', '-'));
  const repo = join(folder, 'repo');
  await gitIn(
    repo,
    'worktree',
    'add',
    '--quiet',
    '--detach',
    checkout,
    state === 'stable' ? seeded.stable : seeded.head,
  );
  if (state.endsWith('reverted')) {
    const bad = seeded.commits.find(({ title }) => title === BAD_TITLE);
    await gitIn(checkout, 'revert', '--no-edit', bad?.sha ?? '');
  }
  await symlink(join(exampleFolder, 'node_modules'), join(checkout, 'node_modules'));
  return checkout;
}

interface Services {
  env: Record<string, string>;
  stop(): Promise<void>;
}

async function startServices(checkout: string): Promise<Services> {
  const running: ChildProcess[] = [];
  const start = async (service: string, env: Record<string, string>): Promise<string> => {
    const child = spawn(process.execPath, ['server.js'], {
      cwd: join(checkout, service),
      env: { PATH, HOST: '127.0.0.1', PORT: '0', K_REVISION: `${service}-00001-abc`, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.push(child);
    return `http://127.0.0.1:${await portSaidBy(child)}`;
  };
  const secret = { JWT_SECRET: 'a secret for this test only, long enough' };
  const auth = await start('auth', secret);
  const backend = await start('backend', { ...secret, AUTH_URL: auth });
  const frontend = await start('frontend', { BACKEND_URL: backend });
  return {
    env: { LOOP_URL_AUTH: auth, LOOP_URL_BACKEND: backend, LOOP_URL_FRONTEND: frontend },
    stop: async () => {
      for (const child of running) child.kill('SIGTERM');
      await Promise.all(running.map((child) => child.exitCode ?? once(child, 'exit')));
    },
  };
}

async function portSaidBy(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error('the service has no stdout');
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  return (JSON.parse(line) as { port: number }).port;
}

interface Outcome {
  tests: number;
  passed: number;
  failed: number;
  output: string;
}

async function runSuite(checkout: string, suite: string, urls: Record<string, string>): Promise<Outcome> {
  const report = join(checkout, `${suite}.xml`);
  const args = ['--test', '--test-reporter=spec', '--test-reporter-destination=stdout'];
  const junit = ['--test-reporter=junit', `--test-reporter-destination=${report}`, `e2e/${suite}.test.js`];
  const env = { PATH, ...urls, TRACEPARENT: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, LOOP_USER_AGENT: 'loop-test' };
  const output = await run(process.execPath, [...args, ...junit], { cwd: checkout, env }).then(
    ({ stdout }) => stdout,
    (failure: { stdout: string }) => failure.stdout,
  );
  const cases = (await readFile(report, 'utf8')).match(/<testcase [\s\S]*?(\/>|<\/testcase>)/g) ?? [];
  const failed = cases.filter((text) => text.includes('<failure')).length;
  return { tests: cases.length, passed: cases.length - failed, failed, output };
}
