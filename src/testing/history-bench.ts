import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suiteRunsKept } from '../store/history-rows.ts';
import { openRunStore } from '../store/run-store.ts';

/** A million results as a database holds them: as many runs of each suite as are kept. Prints one line a figure. */
const [suites, tests, looks] = [10, 500, 50];
const nameOf = (n: number) => `chat > session ${n} > keeps its order when the socket opens again`;
const folder = mkdtempSync(join(tmpdir(), 'loop-bench-history-'));
try {
  const file = join(folder, 'loop.db');
  const store = await openRunStore(file);
  const { history } = store.memory('local', 'now');
  const runs = suites * suiteRunsKept;
  const began = performance.now();
  for (let run = 0; run < runs; run += 1) {
    await history.remember({
      suite: `chat-${run % suites}`,
      selection: 'all',
      run: `run-${run}`,
      cycle: 1,
      revision: `r-${run}`,
      commit: null,
      verdict: 'NO-GO',
      narrowed: false,
      rules: { mock: true, hosts: true },
      at: new Date(1.7e12 + run * 6e7).toISOString(),
      tests: Array.from({ length: tests }, (_, n) => ({
        test: nameOf(n),
        outcome: n % 97 === run % 97 ? ('F' as const) : ('P' as const),
        durationMs: 10 + n,
      })),
    });
  }
  const writeMs = (performance.now() - began) / runs;
  const baseline = await timed((n) => history.baseline(`chat-${n % suites}`, 'all'));
  const outcomes = await timed((n) => history.outcomes('chat-1', nameOf(n), 100));
  await store.close();
  const results = runs * tests;
  const bytes = statSync(file).size;
  process.stdout.write(
    `${results.toLocaleString('en-US')} results: baseline of a suite of ${tests} tests ${baseline} (limit 20 ms); ` +
      `last 100 outcomes of a test ${outcomes}; storing a run ${writeMs.toFixed(1)} ms; ${(bytes / results).toFixed(1)} bytes a result\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}

async function timed(work: (n: number) => Promise<unknown>): Promise<string> {
  const times: number[] = [];
  for (let n = 0; n < looks; n += 1) {
    const from = performance.now();
    await work(n);
    times.push(performance.now() - from);
  }
  times.sort((one, other) => one - other);
  const at = (share: number) => (times[Math.floor(looks * share)] ?? 0).toFixed(2);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}
