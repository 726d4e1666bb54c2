import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { EnvironmentConfig } from '../config/environment.ts';
import { selectSuites } from '../config/focus.ts';
import { PipelineConfig } from '../config/pipeline.ts';
import { blankDeployment } from '../core/blank-rows.ts';
import { phase, suite } from '../core/judged-sample.ts';
import type { LoopOptions, StageName, StageTask } from '../core/loop-context.ts';
import { optionsWith } from '../core/machine-story.ts';
import type { Deployment, RunRecord } from '../core/record.ts';
import type { Result } from '../core/result.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { writeImage } from '../emulator/test-bed.ts';
import type { Deployer, ServiceFacts } from '../ports/deployer.ts';
import type { Logs } from '../ports/logs.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { StageRun } from '../ports/stage.ts';
import type { GoogleClients } from '../providers/google/clients.ts';
import { cloudLogging, cloudRunDeployer, googleClients, httpHealth } from '../providers/index.ts';
import { artifactFolder } from '../runtime/artifact-folder.ts';
import { storeJournal } from '../runtime/journal.ts';
import { openRunStore } from '../store/run-store.ts';
import { sampleRun } from './store-sample.ts';

/** `well`; `sick`: /health answers 500; `shaky`: everything else does; `exit`: it does not start. */
export type Mode = 'well' | 'sick' | 'shaky' | 'exit';

const app = `
const mode = process.env.MODE;
if (mode === 'exit') { console.error('boom'); process.exit(3); }
require('node:http').createServer((request, response) => {
  const health = request.url === '/health';
  response.statusCode = (mode === 'sick' && health) || (mode === 'shaky' && !health) ? 500 : 200;
  response.end(process.env.K_REVISION);
}).listen(process.env.PORT, process.env.HOST);
`;
const commit = 'c'.repeat(40);
const log = { debug() {}, info() {}, warn() {}, error() {} };
export const service = 'web';
export const platformName = 'chat-web';

/** One real service on the real emulator, with the real providers and a real store: what the stages that move traffic are tried on. */
export class TrafficBed {
  readonly folder: string;
  readonly emulator: Emulator;
  readonly store: RunStore;
  private readonly image: string;
  private project = '';
  private projects = 0;
  private runs = 0;
  private lease: string | null = null;
  private tools: { clients: GoogleClients; deployer: Deployer; logs: Logs } | null = null;

  private constructor(made: Pick<TrafficBed, 'folder' | 'emulator' | 'store'> & { image: string }) {
    this.folder = made.folder;
    this.emulator = made.emulator;
    this.store = made.store;
    this.image = made.image;
  }

  static async create(): Promise<TrafficBed> {
    const folder = mkdtempSync(join(tmpdir(), 'loop-traffic-'));
    const image = writeImage(folder, 'web', app);
    const searchPath = process.env.PATH ?? '';
    const emulator = must(await startEmulator({ stateFolder: folder, version: 'test', log, searchPath }));
    return new TrafficBed({ folder, emulator, image, store: await openRunStore(join(folder, 'loop.db')) });
  }

  /** A project and an environment of its own on the same emulator, where nothing has happened yet. */
  async fresh(): Promise<void> {
    await this.tools?.clients.close();
    const { folder } = this;
    const { ports, token } = this.emulator.state;
    const url = `http://127.0.0.1:${ports.grpc}`;
    this.projects += 1;
    this.project = `demo-${this.projects}`;
    const { project } = this;
    const clients = googleClients({ project, userAgent: 'loop/test', endpoints: { run: url, logging: url }, token });
    const deployer = cloudRunDeployer({
      clients,
      project,
      region: 'local',
      readyTimeoutMs: 20_000,
      imageStore: folder,
    });
    this.tools = { clients, deployer, logs: cloudLogging({ clients, project, redact: (text) => text }) };
    await this.fault({});
  }

  async remove(): Promise<void> {
    await this.tools?.clients.close();
    await this.emulator.close();
    await this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get deployer(): Deployer {
    return this.connected.deployer;
  }

  get logs(): Logs {
    return this.connected.logs;
  }

  private get connected() {
    if (this.tools === null) throw new Error('call fresh() before each test');
    return this.tools;
  }

  /** A revision `chat-web-<suffix>`; without a tag it serves at once. */
  async deploy(suffix: string, tag: string | null, mode: Mode = 'well', madeBy = 'seed'): Promise<Result<unknown>> {
    const revision = `${platformName}-${suffix}`;
    const container = { image: this.image, command: ['node', 'server.js'], env: { MODE: mode }, settings: {} };
    const labels = { 'commit-sha': commit, 'loop-run': madeBy, 'loop-config': 'abc' };
    const request = { key: revision, service: platformName, revision, tag, container, labels };
    return this.deployer.deploy(request, new AbortController().signal);
  }

  async facts(): Promise<ServiceFacts> {
    const answer = must(await this.deployer.services([platformName], new AbortController().signal));
    return answer.get(platformName) as ServiceFacts;
  }

  /** `LATEST one:100 two=tag`: shares first, then tags; names without the service's. */
  async traffic(): Promise<string> {
    const words = (await this.facts()).traffic.map(({ revision, percent, tag, latest }) => {
      const name = revision?.replace(`${platformName}-`, '');
      return `${latest ? 'LATEST ' : ''}${name}${percent > 0 ? `:${percent}` : ''}${tag === null ? '' : `=${tag}`}`;
    });
    return words.join(' ');
  }

  /** A fault that the emulator injects from now on; an empty one ends it. */
  async fault(request: object): Promise<void> {
    const { ports, token } = this.emulator.state;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify(request);
    const answer = await fetch(`http://127.0.0.1:${ports.control}/faults`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`the emulator refused the fault: ${await answer.text()}`);
  }

  /** A run that has deployed `candidate` beside what serves, and tested it: GO. */
  async run(stage: StageName, changes: { record?: Partial<RunRecord>; task?: Partial<StageTask> } = {}) {
    this.runs += 1;
    const id = `run-${this.runs}`;
    const sample = sampleRun(id);
    const startedAt = new Date().toISOString();
    const record = { ...sample.record, run: { ...sample.record.run, startedAt }, ...changes.record };
    await this.store.create({ ...sample, environment: this.project, record }, startedAt);
    if (this.lease !== null) await this.store.releaseLease(this.project, this.lease);
    this.lease = `token-${id}`;
    await this.store.takeLease({ environment: this.project, run: id, token: this.lease, at: startedAt });
    return this.stageRun(id, stage, record, changes.task ?? {});
  }

  /** The run of this id is over. */
  async finish(id: string): Promise<void> {
    await this.store.commit({ run: id, lease: null, at: new Date().toISOString(), state: 'finished' });
  }

  /** The rows that `checkingRevisions` and `deploying` leave behind, and a suite that met its gate. */
  async tested(candidate: string): Promise<Partial<RunRecord>> {
    const { traffic, serving } = await this.facts();
    const row = (role: Deployment['role'], revision: string | null): Deployment => ({
      ...blankDeployment,
      service,
      role,
      revision,
      decision: '',
      traffic: traffic.filter((share) => role === 'stable' || share.revision === revision).map(withoutUrl),
    });
    const green = suite('page', { service, roles: { [service]: 'candidate' } });
    const deployments = [row('stable', serving), row('candidate', `${platformName}-${candidate}`)];
    return { deployments, phases: [phase('all', 'GO', [green])] };
  }

  parts(
    changes: { traffic?: object; service?: object; options?: Partial<LoopOptions>; stableForSeconds?: number } = {},
  ) {
    const web = { cloudRun: platformName, path: 'web', health: [{ path: '/health', status: 200 }], ...changes.service };
    const environment = EnvironmentConfig.parse({
      environment: this.project,
      level: 'act',
      endpoints: 'emulator',
      project: this.project,
      region: 'local',
      repository: { owner: 'demo', name: 'chat' },
      services: { [service]: web },
    });
    const pipeline = PipelineConfig.parse({
      pipeline: 'e2e',
      deploy: { stableForSeconds: changes.stableForSeconds ?? 0 },
      health: { samples: 1, warmups: 0, retries: 0 },
      traffic: { watchSeconds: 0, ...changes.traffic },
      logs: { settleSeconds: 0 },
      phases: [{ name: 'all', suites: ['page'] }],
      suites: { page: { service, run: ['node'], report: { path: '*.xml' } } },
    });
    const selection = must(selectSuites({ focus: ['all'], pipeline }));
    const options = optionsWith(changes.options ?? {});
    const { deployer, logs } = this;
    return { environment, pipeline, selection, options, deployer, logs, health: httpHealth(), sleep };
  }

  private stageRun(id: string, stage: StageName, record: RunRecord, task: Partial<StageTask>): StageRun & Told {
    const notes: string[] = [];
    const now = () => new Date();
    const { signal } = new AbortController();
    const rest = { cause: null, expired: false, cancelled: false, refused: false, trafficApproved: false };
    const { store, folder } = this;
    const journal = { store, run: id, lease: `token-${id}`, now, signal, afterAnswer: () => {} };
    return {
      task: { stage, cycle: 1, visit: 1, phase: 0, ...rest, ...task },
      key: `1/${stage}/1`,
      record,
      journal: storeJournal(journal),
      artifacts: artifactFolder({ folder, redact: (text) => text }),
      memory: this.store.memory(this.project, id),
      folder,
      signal,
      now,
      evidence: async (evidence) => (await this.store.evidence(id)).find((one) => one.id === evidence) ?? null,
      redact: (text) => text,
      note: (what) => notes.push(what),
      progress: () => {},
      startedProcess: async () => {},
      notes,
    };
  }
}

interface Told {
  readonly notes: readonly string[];
}

export function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.failure.code}: ${result.failure.message}`);
}

function withoutUrl({ revision, percent, tag, latest }: ServiceFacts['traffic'][number]) {
  return { revision, percent, tag, latest };
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {});
}
