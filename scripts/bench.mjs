// `npm run bench`: the figures that matter, measured on this machine. Nothing here fails a build; timed tests are flaky tests.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { benchReports } from './bench-reports.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'dist', 'loop.cjs');
const { NODE_EXTRA_CA_CERTS: _slow, ...env } = process.env;
const wanted = process.argv.slice(2);

const benches = { help: startUp, step: durableStep, run: embeddedRun, reports, crash: crashes };
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length === 0 ? name !== 'crash' : wanted.includes(name)) await bench();
}

/** `loop --help` against an empty CommonJS program, interleaved, medians of 31. */
function startUp() {
  const folder = mkdtempSync(join(tmpdir(), 'loop-bench-'));
  const empty = join(folder, 'empty.cjs');
  writeFileSync(empty, '');
  const times = { empty: [], help: [] };
  for (let n = 0; n < 31; n += 1) {
    times.empty.push(timed([empty]));
    times.help.push(timed([bin, '--help']));
  }
  rmSync(folder, { recursive: true });
  const [base, help] = [median(times.empty), median(times.help)];
  print(
    'loop --help',
    `${help.toFixed(1)} ms, empty CommonJS program ${base.toFixed(1)} ms, ratio ${(help / base).toFixed(2)} (limit 1.4)`,
  );
}

function timed(args) {
  const start = performance.now();
  spawnSync(process.execPath, args, { env, stdio: 'ignore' });
  return performance.now() - start;
}

/** One journal row, snapshot and events in one transaction with fsync, through the store's own door. */
async function durableStep() {
  const folder = mkdtempSync(join(root, 'node_modules', '.loop-bench-'));
  const outfile = join(folder, 'durable-step.mjs');
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  const external = ['@photostructure/sqlite'];
  await build({
    entryPoints: [join(root, 'src/testing/durable-step.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    banner,
    external,
  });
  const result = spawnSync(process.execPath, [outfile], { env, encoding: 'utf8' });
  print('one durable step', result.stdout.trim() || result.stderr.trim());
  rmSync(folder, { recursive: true });
}

/** The embedded default from a clean folder, twice: with and without the seeding; what was ours and what was the suites'. */
function embeddedRun() {
  const folder = project();
  try {
    for (const title of ['first run, seeding included', 'second run']) {
      const start = performance.now();
      const run = spawnSync('/usr/bin/env', ['time', '-f', 'PEAK %M', process.execPath, bin, '--focus', 'all'], {
        cwd: folder,
        env,
        encoding: 'utf8',
      });
      const plain =
        run.error || run.status === 127
          ? spawnSync(process.execPath, [bin, '--focus', 'all'], { cwd: folder, env, encoding: 'utf8' })
          : run;
      const seconds = (performance.now() - start) / 1000;
      const peak = /PEAK (\d+)/.exec(plain.stderr)?.[1];
      print(
        title,
        `${seconds.toFixed(1)} s, exit code ${plain.status}, suites ${suiteSeconds(folder).toFixed(1)} s of process time, ours the rest; peak memory ${peak ? `${(Number(peak) / 1024).toFixed(0)} MB (limit 200)` : 'unknown'}`,
      );
    }
  } finally {
    spawnSync(process.execPath, [bin, 'emulate', '--stop'], { cwd: folder, env });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sums the measured durations of every suite attempt of the newest run. */
function suiteSeconds(folder) {
  const runs = readdirSync(join(folder, 'worklogs'))
    .filter((name) => name.startsWith('E2E'))
    .sort();
  const artifacts = join(folder, 'worklogs', runs.at(-1), 'artifacts');
  const attempts = readdirSync(artifacts)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readFileSync(join(artifacts, name), 'utf8'));
  const durations = attempts.flatMap((text) =>
    text.includes('"traceparent"') ? [JSON.parse(text).durationMs ?? 0] : [],
  );
  return durations.reduce((sum, ms) => sum + ms, 0) / 1000;
}

/** A large JUnit report against bare saxes, with every case kept. `npm run bench reports [megabytes]` */
function reports() {
  return benchReports(Number(wanted[wanted.indexOf('reports') + 1]) || 120);
}

/** The full example, killed at journal writes and remote answers, resumed, and held against an undisturbed run. `npm run bench crash [every]` */
function crashes() {
  const every = Number(wanted[wanted.indexOf('crash') + 1]) || 10;
  const result = spawnSync(process.execPath, [join(root, 'scripts', 'crash-bench.mjs'), String(every)], {
    env,
    stdio: 'inherit',
  });
  if (result.status !== 0) process.exitCode = 1;
}

/** A project folder of its own: config, pipelines and the example, nothing shared with the checkout's runs. */
export function project() {
  const folder = mkdtempSync(join(tmpdir(), 'loop-bench-'));
  for (const name of ['config', 'pipelines']) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'examples'), join(folder, 'examples'));
  return folder;
}

function median(list) {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
}

function print(title, text) {
  console.log(`${title.padEnd(28)} ${text}`);
}
