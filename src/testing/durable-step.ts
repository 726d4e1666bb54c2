import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstSnapshot, machineStamp, persisted } from '../runtime/machine-driver.ts';
import { openRunStore } from '../store/run-store.ts';

/** Measures one durable step as the journal makes it: row, snapshot and events in one transaction, flushed. Prints median and p99 in ms. */
const folder = mkdtempSync(join(tmpdir(), 'loop-step-'));
const store = await openRunStore(join(folder, 'loop.db'));
const snapshot = persisted(
  firstSnapshot({
    dryRun: false,
    level: 'act',
    deploy: 'auto',
    allSelected: true,
    cycles: 1,
    untilGreen: false,
    approve: [],
  }),
);
const at = new Date().toISOString();
await store.create(
  {
    id: 'bench',
    environment: 'bench',
    pipeline: 'bench',
    folder,
    state: 'running',
    verdict: null,
    startedAt: at,
    endedAt: null,
    budgetMsLeft: 0,
    options: {},
    snapshot,
    machine: machineStamp,
    record: {} as never,
  },
  at,
);
const times: number[] = [];
for (let n = 0; n < 1000; n += 1) {
  const start = performance.now();
  await store.commit({
    run: 'bench',
    lease: null,
    at,
    step: { key: `step/${n}`, state: 'done', inputSha256: 'x' },
    result: () => ({ n }),
    snapshot,
    events: { key: `step/${n}`, list: [{ type: 'note', stage: 'testing', what: 'a step' }] },
  });
  times.push(performance.now() - start);
}
await store.close();
rmSync(folder, { recursive: true });
times.sort((a, b) => a - b);
process.stdout.write(
  `median ${times[500]?.toFixed(2)} ms, p99 ${times[990]?.toFixed(2)} ms over 1,000 steps (limit 0.5 at the median)\n`,
);
