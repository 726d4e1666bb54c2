// History of 1,000,000 results (500 tests, 2,000 runs): how long the baseline of a suite takes, how big the database gets.
// Usage: node scripts/bench-history.mjs [results]   (it runs the sources themselves, through vite-node's loader of the tests)
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const results = Number(process.argv[2] ?? 1_000_000);
const testsOfSuite = 500;
const looks = 50;
const folder = mkdtempSync(join(tmpdir(), 'loop-bench-history-'));

const program = `
  import { openRunStore } from ${JSON.stringify(resolve('src/store/run-store.ts'))};
  const [file] = process.argv.slice(2);
  const store = await openRunStore(file);
  const { history } = store.memory('local', 'now');
  const runs = ${results / testsOfSuite};
  const wrote = performance.now();
  for (let run = 0; run < runs; run += 1) {
    const tests = Array.from({ length: ${testsOfSuite} }, (_, n) => ({
      test: 'chat > session ' + n + ' > keeps its order when the socket opens again', outcome: n % 97 === run % 97 ? 'F' : 'P', durationMs: 10 + n }));
    await history.remember({ suite: 'chat-' + (run % 4), selection: 'all', run: 'run-' + run, cycle: 1, revision: 'r-' + run, commit: null,
      verdict: 'NO-GO', narrowed: false, rules: { mock: true, hosts: true }, at: new Date(1.7e12 + run * 6e7).toISOString(), tests });
  }
  const writeMs = performance.now() - wrote;
  const timed = async (work) => {
    const times = [];
    for (let n = 0; n < ${looks}; n += 1) { const from = performance.now(); await work(n); times.push(performance.now() - from); }
    times.sort((a, b) => a - b);
    return { p50: times[${looks} >> 1], p95: times[Math.floor(${looks} * 0.95)] };
  };
  const baseline = await timed((n) => history.baseline('chat-' + (n % 4), 'all').then((b) => { if (b.tests.length !== ${testsOfSuite}) throw new Error('wrong'); }));
  const outcomes = await timed((n) => history.outcomes('chat-1', 'chat > session ' + n + ' > keeps its order when the socket opens again', 100));
  console.log(JSON.stringify({ writeMsPerRun: writeMs / runs, baseline, outcomes }));
  await store.close();
`;
try {
  writeFileSync(join(folder, 'in.mjs'), program);
  await build({
    entryPoints: [join(folder, 'in.mjs')],
    outfile: resolve('dist', 'bench-history.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    nodePaths: [resolve('node_modules')],
  });
  const file = join(folder, 'loop.db');
  const said = JSON.parse(execFileSync(process.execPath, [resolve('dist', 'bench-history.mjs'), file]).toString());
  const ms = ({ p50, p95 }) => `p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms`;
  const bytes = statSync(file).size;
  console.log(`${results.toLocaleString('en-US')} results in ${results / testsOfSuite} runs of ${testsOfSuite} tests`);
  console.log(`baseline of a suite of ${testsOfSuite}: ${ms(said.baseline)} (limit 20 ms)`);
  console.log(`last 100 outcomes of a test: ${ms(said.outcomes)}`);
  console.log(
    `storing a run: ${said.writeMsPerRun.toFixed(1)} ms; database ${(bytes / 1048576).toFixed(1)} MiB, ${(bytes / results).toFixed(1)} bytes a result`,
  );
  if (said.baseline.p95 > 20) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
