import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnvironmentConfig } from '../../config/environment.ts';
import { selectSuites } from '../../config/focus.ts';
import { PipelineConfig } from '../../config/pipeline.ts';
import { blankDeployment } from '../../core/blank-rows.ts';
import { candidate } from '../../core/judged-sample.ts';
import type { Deployment, Health, RunRecord } from '../../core/record.ts';
import { fail } from '../../core/result.ts';
import type { Deployer, ServiceFacts } from '../../ports/deployer.ts';
import type { SeenAnswer } from '../../ports/health.ts';
import { httpHealth } from '../../providers/http-health/http-health.ts';
import { endOf, runId, SmallRun } from '../../testing/small-run.ts';
import { checkingHealth } from './checking-health.ts';

/** What the candidate and stable of `backend` answer on /health; `null` never answers. */
type Body = Record<string, unknown> | null;
const commit = 'abcdef0123456789abcdef0123456789abcdef01';
const servers: Server[] = [];
let run: SmallRun;

beforeEach(async () => {
  run = await SmallRun.create({ level: 'act' });
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await run.remove();
});

async function urlOf(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_request, response) => answer(response)).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function json(body: Body, status = 200) {
  return urlOf((response) => {
    if (body !== null) response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
}

interface Situation {
  readonly candidate?: Body;
  readonly stable: Body;
  readonly status?: number;
  /** More of the environment's config. */
  readonly also?: string;
  readonly version?: string;
  readonly dependencies?: Record<string, unknown>;
  readonly needs?: string[];
  readonly preflightSeconds?: number;
  /** Share of the candidate; the service's own address is answered by it then, and stable by its tag alone. */
  readonly candidatePercent?: number;
  readonly candidateStatus?: number;
}

/** One walk of the machine whose health stage is the real one, asking real servers. */
async function walk(situation: Situation): Promise<RunRecord> {
  const { preflightSeconds = 55 } = situation;
  const environment = EnvironmentConfig.parse({
    environment: 'local',
    project: 'demo',
    region: 'local',
    repository: { owner: 'demo', name: 'chat' },
    services: {
      backend: { cloudRun: 'chat-backend', path: 'backend', health: [{ path: '/health', version: situation.version }] },
    },
    dependencies: situation.dependencies ?? {},
  });
  const suite = { service: 'backend', run: ['true'], report: { path: '*.xml' } };
  const pipeline = PipelineConfig.parse({
    pipeline: 'e2e',
    health: { samples: 2, timeoutMs: 20_000, retries: 1, preflightSeconds },
    phases: [{ name: 'all-of-it', suites: ['one', 'two'] }],
    suites: {
      one: { ...suite, needs: situation.needs ?? [] },
      two: { ...suite, needs: situation.dependencies ? ['redis'] : [] },
    },
  });
  const selection = selectSuites({ focus: [], pipeline });
  if (!selection.ok) throw new Error(selection.failure.message);
  const stable = await json(situation.stable, situation.status);
  const { candidateStatus = situation.status } = situation;
  const tagged = situation.candidate === undefined ? null : await json(situation.candidate, candidateStatus);
  const parts = {
    environment,
    pipeline,
    selection: selection.value,
    health: httpHealth(),
    deployer: platformOf(stable, tagged, situation.candidatePercent ?? 0),
    sleep: async (ms: number, signal: AbortSignal) =>
      void (await wait(Math.min(ms, 10), undefined, { signal }).catch(() => {})),
  };
  run.stages.deploying = async () => endOf('deploying', { deployments: deployed(tagged !== null) });
  run.stages.checkingHealth = checkingHealth(parts);
  return (await run.drive()).record;
}

async function artifactOf({ evidence: [id] }: Health): Promise<{ seen: SeenAnswer }> {
  const found = (await run.store.evidence(runId)).find((one) => one.id === id);
  return JSON.parse(readFileSync(join(run.folder, found?.path ?? ''), 'utf8'));
}

function deployed(withCandidate: boolean): Deployment[] {
  const stable = { ...blankDeployment, service: 'backend', role: 'stable' as const, decision: 'it serves' };
  const made = { ...candidate('backend'), revision: 'backend-2', commit };
  return [{ ...stable, revision: 'backend-1' }, ...(withCandidate ? [made] : [])];
}

/** The platform's answer for the one service; nothing else is asked of it here. */
function platformOf(stable: string, tagged: string | null, percent: number): Deployer {
  const share = { percent: 0, latest: false };
  const facts: ServiceFacts = {
    name: 'chat-backend',
    asked: [],
    url: percent > 0 ? tagged : stable,
    etag: '1',
    ready: true,
    latestReady: 'backend-2',
    latestCreated: 'backend-2',
    traffic: [
      { ...share, revision: 'backend-1', percent: 100 - percent, tag: null, url: null },
      { ...share, revision: 'backend-1', tag: 'loop-reference', url: stable },
      ...(tagged === null ? [] : [{ ...share, revision: 'backend-2', percent, tag: 'loop-a', url: tagged }]),
    ],
    serving: 'backend-1',
    updatedAt: '2026-11-20T19:00:00Z',
    message: null,
    conditions: [],
    defaultUriDisabled: false,
    ingress: null,
    lastModifier: null,
  };
  const refuse = async () => fail('usage', 'not asked here');
  return {
    services: async () => ({ ok: true, value: new Map([['chat-backend', facts]]) }),
    revision: refuse,
    revisions: refuse,
    deploy: refuse,
    moveTraffic: refuse,
    remove: refuse,
  };
}

const up = { redis: { connected: true }, v: 'backend-1' };
const down = { redis: { connected: false }, v: 'backend-1' };
const told = { redis: { service: 'backend', path: '/health', json: { 'redis.connected': true } } };

// [story, situation, verdict and reason, role of each dependency row and whether it is up]
const stories: [string, Situation, RegExp, string[]][] = [
  ['both versions are as deployed', { candidate: { v: 'abcdef0' }, stable: up, version: 'v' }, /^GO/, []],
  [
    'the candidate is another revision',
    { candidate: { v: 'backend-9' }, stable: up, version: 'v' },
    /^NO-GO: the candidate of backend is not healthy while stable is: .* says it runs backend-9, expected backend-2/,
    [],
  ],
  [
    'stable is not what the platform says',
    { stable: { v: 'backend-0' }, version: 'v' },
    /^BLOCKED: backend is down: .* says it runs backend-0, expected backend-1/,
    [],
  ],
  ['a dependency is up', { candidate: up, stable: down, dependencies: told }, /^GO/, ['candidate up']],
  [
    'a dependency is down on both',
    { candidate: down, stable: down, dependencies: told, needs: ['redis'] },
    /^BLOCKED: redis is down, says backend \(candidate and stable\)/,
    ['candidate down', 'stable down'],
  ],
  [
    'a dependency is down for the candidate only',
    { candidate: down, stable: up, dependencies: told },
    /^NO-GO: the candidate of backend says that redis is down while stable says it is up/,
    ['candidate down', 'stable up'],
  ],
  [
    'a service that fails tells it, too',
    { stable: down, status: 503, dependencies: told, needs: ['redis'] },
    /^BLOCKED: redis is down, says backend \(stable\): .*answered 503.*redis.connected to be true, it is false/,
    ['stable down'],
  ],
  [
    'nobody tells of the dependency',
    { stable: { v: 1 }, dependencies: told, needs: ['redis'] },
    /^BLOCKED: backend is down: .*expected the field redis.connected/,
    [],
  ],
  [
    'the candidate tells nothing of what stable tells',
    { candidate: { v: 1 }, stable: up, dependencies: told },
    /^NO-GO: the candidate of backend is not healthy while stable is: .*expected the field redis.connected/,
    ['stable up'],
  ],
  [
    'a dependency that is asked by itself',
    { stable: up, dependencies: { redis: { tcp: 'redis.invalid:6379' } }, needs: ['redis'] },
    /^BLOCKED: redis is down: redis.invalid:6379 did not answer: the name redis.invalid does not resolve/,
    ['stable down'],
  ],
];

test.each(stories)('%s', async (_story, situation, verdict, dependencies) => {
  const record = await walk(situation);
  expect(`${record.verdict?.value}: ${record.verdict?.reason}`).toMatch(verdict);
  const rows = record.health.filter((one) => one.dependency === 'redis');
  expect(rows.map(({ role, ok }) => `${role} ${ok ? 'up' : 'down'}`)).toEqual(dependencies);
  const evidence = new Set((await run.store.evidence(record.run.id)).map(({ id }) => id));
  for (const row of record.health)
    expect(
      row.evidence.filter((id) => evidence.has(id)),
      row.target,
    ).toHaveLength(1);
});

test('suites that can do without the dependency go on', async () => {
  await walk({ stable: down, dependencies: told });
  expect(run.begun).toContain('testing');
});

test('where no suite can do without it, none is begun', async () => {
  await walk({ stable: down, dependencies: told, needs: ['redis'] });
  expect(run.begun).not.toContain('testing');
});

test('the artefact holds what came back, cut where it is long', async () => {
  const record = await walk({ stable: { text: 'x'.repeat(3_000) } });
  const seen = await Promise.all(record.health.map(async (one) => (await artifactOf(one)).seen.body));
  expect(seen).toEqual([expect.stringMatching(/^\{"text":"x{2039}… \(cut, 3011 characters were read\)$/)]);
});

test('a service that never answers is cut, and the reference is still heard', async () => {
  const record = await walk({ candidate: null, stable: up, preflightSeconds: 1 });
  expect(record.verdict?.reason).toMatch(
    /while stable is: .* was not asked to the end: the time for all health checks was over/,
  );
  expect(record.health).toMatchObject([
    { role: 'candidate', ok: false, status: null },
    { role: 'stable', ok: true, status: 200, coldMs: expect.any(Number), latencyMs: { n: 2 } },
  ]);
});

// [story, the candidate's share, what it answers, what stable answers, whether traffic goes back]
test.each([
  ['a bad candidate with a part of the traffic, stable well', 40, 500, 200, true],
  ['a bad candidate with all of it, stable well', 100, 500, 200, true],
  ['both bad: that is the environment, and nothing is moved', 100, 500, 500, false],
  ['both well', 40, 200, 200, false],
])('%s', async (_story, candidatePercent, candidateStatus, status, goesBack) => {
  const record = await walk({ candidate: up, stable: up, candidateStatus, status, candidatePercent });
  expect(run.begun.some((stage) => stage.includes('rollingBack'))).toBe(goesBack);
  expect(record.verdict?.value).toBe(candidateStatus === 200 ? 'GO' : goesBack ? 'NO-GO' : 'BLOCKED');
});

test('looks that failed are counted, and the one that held ends them', async () => {
  const { health } = await walk({ candidate: { status: 'down' }, stable: up });
  expect(health.map(({ role, ok, attempts }) => [role, ok, attempts])).toEqual([
    ['candidate', false, 2],
    ['stable', true, 1],
  ]);
});
