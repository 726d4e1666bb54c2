import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoopEventRecord } from '../core/events.ts';
import { phase } from '../core/judged-sample.ts';
import { type LoopOptions, type StageName, stageNames } from '../core/loop-context.ts';
import { answersOf, optionsWith } from '../core/machine-story.ts';
import type { Output } from '../ports/output.ts';
import type { RunStore, StoredRun } from '../ports/run-store.ts';
import type { StageEnd, StageRun, Stages } from '../ports/stage.ts';
import { artifactFolder } from '../runtime/artifact-folder.ts';
import { driveRun, type RunEnd, transitionKey } from '../runtime/engine.ts';
import { storeJournal } from '../runtime/journal.ts';
import { firstSnapshot, type MachineEvent, nextSnapshot, persisted, restored } from '../runtime/machine-driver.ts';
import { openRunStore } from '../store/run-store.ts';
import { sampleAt, sampleRun } from './store-sample.ts';

export const runId = 'run-a';
const lease = 'token';

/** A run of tiny stages on a real database, driven by the engine; resumed from what the database holds. */
export class SmallRun {
  readonly events: LoopEventRecord[] = [];
  /** Stages as they were begun. */
  readonly begun: string[] = [];
  readonly interrupt = new AbortController();
  readonly folder: string;
  readonly store: RunStore;
  readonly stages: { -readonly [S in keyof Stages]?: Stages[S] } = {};
  output: Pick<Output, 'record'> = {};
  /** What the clock says. */
  now = new Date(sampleAt);
  monotonicMs = () => performance.now();
  private readonly options: LoopOptions;

  private constructor(folder: string, store: RunStore, options: LoopOptions) {
    this.folder = folder;
    this.store = store;
    this.options = options;
  }

  static async create(options: Partial<LoopOptions> = {}, changes: Partial<StoredRun> = {}): Promise<SmallRun> {
    const folder = mkdtempSync(join(tmpdir(), 'loop-run-'));
    const store = await openRunStore(join(folder, 'loop.db'));
    const run = new SmallRun(folder, store, optionsWith(options));
    const snapshot = persisted(firstSnapshot(run.options));
    await store.create({ ...sampleRun(runId), ...changes, snapshot }, sampleAt);
    await store.takeLease({ environment: 'local', run: runId, token: lease, at: sampleAt });
    return run;
  }

  /** Begins, or goes on where the database says. `store` may stand before the real one, to fail where a test wants it. */
  async drive(store: RunStore = this.store, interrupted: AbortSignal = this.interrupt.signal): Promise<RunEnd> {
    const run = await this.stored();
    const start = { snapshot: restored(run.snapshot), transitions: (await this.journalled()).length };
    return driveRun(run, start, {
      store,
      stages: { ...usualStages((stage) => this.begun.push(stage)), ...this.stages },
      output: { event: (_at, event) => this.events.push(event), ...this.output },
      clock: { now: () => this.now, monotonicMs: () => this.monotonicMs() },
      lease,
      interrupted,
      approvalMsMax: 3_600_000,
      makeStageRun: (request) => this.stageRun(request, store),
    });
  }

  async stored(): Promise<StoredRun> {
    const run = await this.store.read(runId);
    if (!run) throw new Error('the run is gone');
    return run;
  }

  /** The machine's events, from the journal alone. */
  async journalled(): Promise<MachineEvent[]> {
    const events: MachineEvent[] = [];
    for (;;) {
      const step = await this.store.step(runId, transitionKey(events.length + 1));
      if (!step) return events;
      events.push(step.result as MachineEvent);
    }
  }

  async rebuilt(): Promise<unknown> {
    return persisted((await this.journalled()).reduce(nextSnapshot, firstSnapshot(this.options)));
  }

  async remove(): Promise<void> {
    await this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private stageRun(request: Pick<StageRun, 'task' | 'key' | 'record' | 'signal' | 'note'>, store: RunStore): StageRun {
    const { folder } = this;
    const now = () => this.now;
    const afterAnswer = () => {};
    return {
      ...request,
      redact: (text) => text,
      folder,
      now,
      journal: storeJournal({ store, run: runId, lease, now, signal: request.signal, afterAnswer }),
      artifacts: artifactFolder({ folder, redact: (text) => text }),
      memory: store.memory('local', runId),
      evidence: async (id) => (await store.evidence(runId)).find((one) => one.id === id) ?? null,
      progress: () => {},
      startedProcess: async () => {},
    };
  }
}

/** Stages that say the first thing of their vocabulary; testing stores a report and meets its gate. */
function usualStages(begin: (stage: StageName) => void): Stages {
  const stage = (name: StageName) => async (run: StageRun) => {
    begin(name);
    return name === 'testing' ? await greenTests(run) : endOf(name);
  };
  return Object.fromEntries(stageNames.map((name) => [name, stage(name)])) as unknown as Stages;
}

/** The end of a stage, in the words of the machine's stories. */
export function endOf<S extends StageName>(name: S, patch: StageEnd<S>['patch'] = {}, answer = 0): StageEnd<S> {
  const facts = answersOf(name)[answer]?.facts as StageEnd<S>['facts'];
  return { facts, patch, said: `${name} is done`, ok: true };
}

async function greenTests(run: StageRun): Promise<StageEnd<'testing'>> {
  await run.journal.step(`${run.key}/suite`, { suite: 'auth' }, async () => {
    const report = { kind: 'report', source: 'auth', at: run.now().toISOString(), content: '3 passed' };
    const artifact = await run.artifacts.put(report);
    return { artifacts: [artifact], value: ([evidence]) => ({ passed: 3, evidence }) };
  });
  return endOf('testing', { phases: [phase('all-of-it', 'GO')] });
}
