import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredArtifact } from '../ports/artifacts.ts';
import type { RunStore, StoredRun } from '../ports/run-store.ts';
import { firstRecord } from '../runtime/first-record.ts';
import { firstSnapshot, machineStamp, persisted } from '../runtime/machine-driver.ts';
import { openRunStore } from '../store/run-store.ts';

export const sampleAt = '2026-11-20T19:00:00.000Z';

/** A run that was just made, `minute` minutes after the first one. */
export function sampleRun(id: string, minute = 0): StoredRun {
  const startedAt = new Date(Date.parse(sampleAt) + minute * 60_000).toISOString();
  const about = { environment: 'local', pipeline: 'e2e', level: 'act', ref: null, startedAt } as const;
  const options = {
    dryRun: false,
    level: 'act',
    deploy: 'auto',
    allSelected: true,
    cycles: 1,
    untilGreen: false,
  } as const;
  return {
    id,
    environment: about.environment,
    pipeline: about.pipeline,
    folder: `worklogs/${id}`,
    state: 'running',
    verdict: null,
    startedAt,
    endedAt: null,
    budgetMsLeft: 60_000,
    options: { focus: ['all'] },
    snapshot: persisted(firstSnapshot({ ...options, approve: [] })),
    machine: machineStamp,
    record: firstRecord({ id, command: 'loop --focus all', focus: ['all'], ...about }),
  };
}

export function sampleArtifact(name: string): StoredArtifact {
  const path = `artifacts/${name}.txt`;
  return { kind: 'report', sha256: name.repeat(4), path, source: name, at: sampleAt, excerpt: name };
}

/** A real store in a folder of its own; `reopened` is what another process would see. */
export async function openSampleStore(): Promise<{
  file: string;
  store: RunStore;
  reopened(): Promise<RunStore>;
  remove(): Promise<void>;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'loop-store-'));
  const file = join(folder, 'deep', 'loop.db');
  const open = [await openRunStore(file)];
  return {
    file,
    store: open[0] as RunStore,
    async reopened() {
      const store = await openRunStore(file);
      open.push(store);
      return store;
    },
    async remove() {
      for (const store of open) await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
