import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnvironmentConfig } from '../config/environment.ts';
import { selectSuites } from '../config/focus.ts';
import { PipelineConfig } from '../config/pipeline.ts';
import { blankDeployment } from '../core/blank-rows.ts';
import type { Deployment, RunRecord } from '../core/record.ts';
import { fail, succeed } from '../core/result.ts';
import { callerName } from '../core/user-agent.ts';
import type { RevisionFacts, ServiceFacts } from '../ports/deployer.ts';
import { proven } from '../ports/journal.ts';
import type { LogEntry } from '../ports/logs.ts';
import type { StageRun } from '../ports/stage.ts';
import { endOf, runId, SmallRun } from '../testing/small-run.ts';
import { foreignChanges } from './foreign-changes.ts';

/** Law 11 on a real journal and machine; the platform and its audit log are values that the story changes while tests run. */
const environment = EnvironmentConfig.parse({
  environment: 'local',
  project: 'demo',
  region: 'local',
  repository: { owner: 'demo', name: 'chat' },
  services: {
    backend: { cloudRun: 'chat-backend', path: 'backend' },
    frontend: { cloudRun: 'chat-frontend', path: 'frontend' },
  },
});
const pipeline = PipelineConfig.parse({
  pipeline: 'e2e',
  phases: [{ name: 'all-of-it', suites: ['login'] }],
  suites: { login: { focus: ['a'], service: 'backend', run: ['true'], report: { path: '*.xml' } } },
});
const ada = { by: 'ada@example.com', userAgent: 'gcloud/528' };
const own = { by: 'loop@example.com', userAgent: `${callerName('1', runId)} grpc-node-js/1.14.7` };

let run: SmallRun;
let serving: Record<string, string>;
let updatedAt: Record<string, string>;
let revisions: Pick<RevisionFacts, 'name' | 'createdAt' | 'madeBy' | 'stepKey' | 'creator'>[];
let audit: LogEntry[] | null;
/** What happens while the tests of each visit run. */
let story: ((at: string) => unknown)[];

beforeEach(async () => {
  run = await SmallRun.create();
  updatedAt = {};
  [serving, revisions, audit, story] = [{ 'chat-backend': 'b-1', 'chat-frontend': 'f-1' }, [], [], []];
  run.stages.checkingRevisions = async (stage) => endOf('checkingRevisions', await readRevisions(stage));
  run.stages.testing = async (stage) => {
    story.shift()?.(soon());
    const look = await foreignChanges(parts, stage);
    return {
      ...endOf('testing', look.patch),
      facts: { gate: 'met', red: false, morePhases: false, foreign: look.voids },
    };
  };
});
afterEach(() => run.remove());

/** Every question costs the story a second. */
function soon(): string {
  run.now = new Date(run.now.getTime() + 1_000);
  return run.now.toISOString();
}

async function readRevisions(stage: StageRun): Promise<Pick<RunRecord, 'deployments'>> {
  const artifact = await stage.artifacts.put({ kind: 'deployment', source: 'a test', at: soon(), content: soon() });
  const evidence = await stage.journal.step(`${stage.key}/read`, {}, async () => proven(artifact, (id) => id));
  const revision = serving['chat-backend'] ?? null;
  const traffic = [{ revision, percent: 100, tag: null, latest: false }];
  const stable: Deployment = {
    ...blankDeployment,
    service: 'backend',
    role: 'stable',
    decision: '',
    revision,
    traffic,
    evidence: [evidence],
  };
  return { deployments: [stable] };
}

const parts = {
  environment,
  selection: selection(),
  deployer: {
    services: async () => succeed(new Map(Object.keys(serving).map((name) => [name, factsOf(name)]))),
    revisions: async (service: string) =>
      succeed(revisions.filter(({ name }) => name.startsWith(service.slice(5, 6))) as RevisionFacts[]),
  },
  logs: {
    read: async ({ from, to }: { from: string; to: string }) =>
      audit === null
        ? fail('permission', 'no')
        : succeed({ filter: 'f', truncated: false, entries: audit.filter(({ at }) => at >= from && at < to) }),
  },
} as unknown as Parameters<typeof foreignChanges>[0];

function selection() {
  const selected = selectSuites({ focus: ['all'], pipeline });
  if (!selected.ok) throw new Error(selected.failure.message);
  return selected.value;
}

function factsOf(name: string): Partial<ServiceFacts> {
  const traffic = [{ revision: serving[name] ?? null, percent: 100, tag: null, latest: true, url: null }];
  return { name, traffic, updatedAt: updatedAt[name] ?? '2026-11-20T18:00:00Z', lastModifier: 'bob@example.com' };
}

function called(service: string, who: typeof ada, at: string, succeeded = true): void {
  const call = { method: 'google.cloud.run.v2.Services.UpdateService', resource: null, principal: who.by };
  const entry = { insertId: at, at, service, audit: { ...call, userAgent: who.userAgent, succeeded } };
  audit?.push(entry as LogEntry);
  soon();
}

function deployed(service: string, revision: string, at: string, labels: Partial<RevisionFacts> = {}): void {
  revisions.push({ name: revision, createdAt: at, madeBy: null, stepKey: null, creator: 'ci@example.com', ...labels });
  serving[service] = revision;
  soon();
}

async function told(): Promise<{ verdict: string | null; reads: number; changes: string[]; record: RunRecord }> {
  const { record } = await run.drive();
  const reads = run.begun.filter((stage) => stage === 'checkingHealth').length;
  const changes = record.foreignChanges.map(({ service, by, what, voids }) => `${service} ${voids} ${by}: ${what}`);
  return { verdict: record.verdict?.value ?? null, reads, changes, record };
}

const update = /UpdateService at 2026-11-20 19:\d\d:\d\dZ/;

test('a deployment that stands: told once from audit log and platform together, cited, and tested again', async () => {
  story = [(at) => [called('chat-backend', ada, at), deployed('chat-backend', 'b-2', at)]];
  const { changes, reads, record } = await told();
  expect(changes).toEqual([
    expect.stringMatching(
      /^backend true ada@example.com: its traffic changed from b-1 100 % to b-2 100 %; revision b-2 appeared, after UpdateService at /,
    ),
  ]);
  expect(reads).toBe(2);
  const { evidence } = record.foreignChanges[0] ?? { evidence: [] };
  const cited = (await run.store.evidence(runId)).find(({ id }) => id === evidence[0]);
  expect(cited).toMatchObject({ kind: 'changes-by-others', excerpt: expect.stringContaining('ada@example.com') });
});

test('one that was made and taken back between two looks is found by the audit log', async () => {
  story = [(at) => called('chat-backend', ada, at)];
  const { changes, reads } = await told();
  expect(changes).toEqual([
    expect.stringMatching(/^backend true ada@example.com: its traffic and its revisions are as they were, after /),
  ]);
  expect(changes[0]).toMatch(update);
  expect(reads).toBe(2);
});

test('a second one during the retest makes the run INVALID', async () => {
  story = [(at) => called('chat-backend', ada, at), (at) => deployed('chat-backend', 'b-3', at)];
  const { verdict, changes, record } = await told();
  expect(verdict).toBe('INVALID');
  expect(record.verdict?.reason).toContain('someone else changed backend again');
  expect(changes[1]).toBe(
    'backend true ci@example.com: its traffic changed from b-1 100 % to b-3 100 %; revision b-3 appeared',
  );
  expect(run.begun.filter((stage) => stage === 'publishing')).toEqual([]);
});

test('what no selected suite needs is told once and voids nothing', async () => {
  story = [(at) => [called('chat-frontend', ada, at), deployed('chat-frontend', 'f-2', at)]];
  const { changes, reads } = await told();
  expect(changes).toEqual([
    expect.stringMatching(/^frontend false ada@example.com: .*not needed by the selected suites/),
  ]);
  expect(reads).toBe(1);
  const events = (await run.store.events(runId)).map(({ event }) => event);
  expect(events.filter((event) => event.type === 'note')).toMatchObject([
    { stage: 'testing', what: expect.stringMatching(/^frontend was changed by ada@example.com: /) },
  ]);
});

test.each<[string, (at: string) => void]>([
  ['a call of our own', (at) => called('chat-backend', own, at)],
  [
    'a revision of our own',
    (at) => revisions.push({ name: 'b-9', createdAt: at, madeBy: runId, stepKey: null, creator: null }),
  ],
  [
    'a revision that our deploy command made',
    (at) => revisions.push({ name: 'b-9', createdAt: at, madeBy: null, stepKey: 'k', creator: null }),
  ],
  ['a refused call', (at) => called('chat-backend', ada, at, false)],
  [
    'a revision from before',
    () =>
      revisions.push({ name: 'b-0', createdAt: '2026-11-20T18:00:00Z', madeBy: null, stepKey: null, creator: null }),
  ],
])('%s is no change by others', async (_name, change) => {
  story = [change];
  expect(await told()).toMatchObject({ changes: [], reads: 1 });
});

test('without the audit log the platform alone is looked at, and that is said once', async () => {
  audit = null;
  story = [(at) => deployed('chat-backend', 'b-2', at)];
  const { changes, record } = await told();
  expect(changes).toEqual([
    'backend true ci@example.com: its traffic changed from b-1 100 % to b-2 100 %; revision b-2 appeared',
  ]);
  expect(record.problems).toMatchObject([
    { code: 'audit-unreadable', blocks: false, message: expect.stringContaining('alone') },
  ]);
});

test('without the audit log a service that is not needed is told by its last update', async () => {
  audit = null;
  story = [
    (at) => {
      updatedAt['chat-frontend'] = at;
      soon();
    },
  ];
  expect((await told()).changes).toEqual([
    expect.stringMatching(/^frontend false bob@example.com: it was updated at .*Z: not needed by the selected suites/),
  ]);
});

test('a needed service that is gone is a change, too', async () => {
  story = [() => delete serving['chat-backend']];
  expect((await told()).changes[0]).toBe('backend true null: it is gone from the platform');
});
