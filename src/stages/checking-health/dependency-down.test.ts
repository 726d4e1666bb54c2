import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunRecord } from '../../core/record.ts';
import { exampleProject } from '../../testing/example-project.ts';
import { ledgerOf, runLoop } from '../../testing/loop-process.ts';
import { type RedisServer, startRedis } from '../../testing/redis-server.ts';

/** The example with a Redis that its backend tells of, taken down after stable was up with it. */
let project = '';
let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
  project = exampleProject();
  const file = join(project, 'config', 'local.yaml');
  const config = readFileSync(file, 'utf8')
    .replace('needs: [auth]', 'needs: [auth, redis]')
    .replace('env: { AUTH_URL:', `env: { REDIS_URL: "redis://127.0.0.1:${redis.port}", AUTH_URL:`);
  const dependency = 'dependencies: { redis: { service: backend, path: /health, json: { redis.connected: true } } }\n';
  writeFileSync(file, `${config}${dependency}`);
  expect(config).toContain('REDIS_URL');
}, 60_000);
afterAll(async () => {
  await runLoop(project, ['emulate', '--stop']);
  await redis.stop();
  rmSync(project, { recursive: true, force: true });
});

test('up, it is told as up', async () => {
  const end = await runLoop(project, ['--focus', 'frontend', '--level', 'observe']);
  expect(end.exitCode, end.stderr).toBe(0);
  expect(end.stderr).toContain('endpoints answered and are healthy; 1 dependency up');
  const { health } = await shown();
  expect(health.filter((one) => one.dependency === 'redis')).toMatchObject([
    { service: 'backend', role: 'stable', ok: true, because: expect.stringMatching(/tells it with status 200/) },
  ]);
}, 120_000);

test('down on both sides: BLOCKED, one issue of class environment, nobody suspected, nothing fixed', async () => {
  await redis.stop();
  const before = issuesMade();
  const end = await runLoop(project, ['--focus', 'all']);
  expect(end.exitCode, end.stderr).toBe(5);
  const record = await shown();
  expect(record.verdict).toMatchObject({
    value: 'BLOCKED',
    reason: expect.stringMatching(
      /^redis is down, says backend \(candidate and stable\): .*redis.connected to be true/,
    ),
  });
  const rows = record.health.filter((one) => one.dependency === 'redis');
  expect(rows.map(({ service, role, ok }) => ({ service, role, ok }))).toEqual([
    { service: 'backend', role: 'candidate', ok: false },
    { service: 'backend', role: 'stable', ok: false },
  ]);
  expect(record.causes).toMatchObject([
    { class: 'environment', title: 'redis is down, says backend', suspects: [], services: ['backend'] },
  ]);
  expect(record.fixes).toEqual([]);
  expect(record.control).toEqual([]);
  expect(record.published.map(({ kind, action }) => `${kind} ${action}`)).toEqual(['issue created']);
  expect(issuesMade() - before).toBe(1);
  expect((await runLoop(project, ['replay'])).stdout).toContain('same verdict BLOCKED');
  const worklog = readFileSync(join(project, folderOf(end.stderr), 'worklog.md'), 'utf8');
  for (const row of rows) expect(worklog).toMatch(new RegExp(`\\| redis .*\\| ${row.role} .*\\[${row.evidence[0]}\\]`));
}, 120_000);

async function shown(): Promise<RunRecord> {
  return RunRecord.parse(JSON.parse((await runLoop(project, ['show', '--json'])).stdout));
}

function issuesMade(): number {
  return ledgerOf(project).filter(
    (row) => row.api === 'github' && row.method === 'POST' && row.path?.endsWith('/issues'),
  ).length;
}

function folderOf(stderr: string): string {
  return /^worklogs\/\S+$/m.exec(stderr)?.[0] ?? '';
}
