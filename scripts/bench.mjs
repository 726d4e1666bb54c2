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

const benches = {
  help: startUp,
  step: durableStep,
  run: embeddedRun,
  services: twentyServices,
  reports,
  split,
  history,
  crash: crashes,
  rollback: rollBack,
};
const onlyWhenNamed = ['crash', 'rollback'];
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length === 0 ? !onlyWhenNamed.includes(name) : wanted.includes(name)) await bench();
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
  const result = await bundled('src/testing/durable-step.ts', []);
  print('one durable step', result.stdout.trim() || result.stderr.trim());
}

/** A million stored test results: what a run asks of them. */
async function history() {
  const result = await bundled('src/testing/history-bench.ts', []);
  print('test history', result.stdout.trim() || result.stderr.trim());
}

/** Runs a program of ours as one bundled file, as the product is run. */
async function bundled(source, args) {
  const folder = mkdtempSync(join(root, 'node_modules', '.loop-bench-'));
  const outfile = join(folder, 'bench.mjs');
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  const external = ['@photostructure/sqlite', '@google-cloud/*', '@grpc/*', 'google-auth-library'];
  const how = { bundle: true, format: 'esm', platform: 'node', banner, external };
  await build({ entryPoints: [join(root, source)], outfile, ...how });
  const start = performance.now();
  const { stdout, stderr } = spawnSync(process.execPath, [outfile, ...args], { env, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return { stdout, stderr, ms: performance.now() - start };
}

/** Twenty fresh services on the emulator: the check that finds nothing to do, and our reads beside those of gcloud and curl. */
async function twentyServices() {
  const folder = (await bundled('src/testing/twenty-services.ts', [])).stdout.trim();
  const loop = (...args) => spawnSync(process.execPath, [bin, ...args], { cwd: folder, env, encoding: 'utf8' });
  try {
    loop('emulate');
    const checks = Array.from({ length: 5 }, () => checkMs(loop('--focus', 'all', '--dry-run', '--json').stdout));
    const said = checks[0]?.said;
    print(
      'no-op check of 20 services',
      `${median(checks.map(({ ms }) => ms)).toFixed(0)} ms, loading the clients included (limit 1500 without): ${said}`,
    );
    await besideGcloud(folder);
  } finally {
    loop('emulate', '--stop');
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkMs(lines) {
  const events = lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const ended = events.find(({ type, stage }) => type === 'stage-ended' && stage === 'checkingRevisions');
  return { ms: ended.durationMs, said: ended.said };
}

/** The same three questions: the list of services, 1,000 log entries, one health call. */
async function besideGcloud(folder) {
  const state = join(folder, '.loop', 'emulator');
  const emulator = JSON.parse(readFileSync(join(state, 'emulator.json'), 'utf8'));
  const url = /small-hello01 +(\S+)/.exec(
    spawnSync(process.execPath, [bin, 'emulate'], { cwd: folder, env, encoding: 'utf8' }).stdout,
  )?.[1];
  // Each request leaves an entry of its own and a line of the service.
  for (let n = 0; n < 600; n += 1) await fetch(url).then((answer) => answer.text());
  const runs = [];
  for (let n = 0; n < 5; n += 1) runs.push(await bundled('src/testing/read-bench.ts', [state, 'small-hello01', '/']));
  const ours = runs.map(({ stdout, stderr }) => JSON.parse(stdout || JSON.stringify({ error: stderr })));
  if (ours[0].error) return print('list, 1,000 entries, health', ours[0].error);
  const [loaded, first, whole] = [
    ours.map((one) => one.secondMs),
    ours.map((one) => one.firstMs),
    runs.map((one) => one.ms),
  ].map(median);
  const own = `${loaded.toFixed(0)} ms (${first.toFixed(0)} ms with loading the clients, ${whole.toFixed(0)} ms as a process)`;
  const theirs = gcloudMs(emulator, join(folder, 'gcloud'), url);
  if (typeof theirs === 'string') return print('list, 1,000 entries, health', `${own}; gcloud: ${theirs}`);
  const ratio = `ratio ${(loaded / theirs).toFixed(3)} (${(first / theirs).toFixed(3)} with loading, limit 0.15)`;
  print('list, 1,000 entries, health', `${own}, gcloud and curl ${theirs.toFixed(0)} ms, ${ratio}`);
}

/** Milliseconds of gcloud and curl, each command the median of three; or why they could not be measured. */
function gcloudMs({ ports, token }, config, url) {
  const apis = ['RUN', 'LOGGING', 'SERVICEUSAGE', 'CLOUDRESOURCEMANAGER'];
  const overrides = apis.map((api) => [
    `CLOUDSDK_API_ENDPOINT_OVERRIDES_${api}`,
    `http://${api.toLowerCase()}.loop.test/`,
  ]);
  const settings = {
    CLOUDSDK_CONFIG: config,
    CLOUDSDK_CORE_PROJECT: 'demo',
    CLOUDSDK_RUN_REGION: 'local',
    CLOUDSDK_AUTH_ACCESS_TOKEN: token,
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
    ...Object.fromEntries(overrides),
    http_proxy: `http://127.0.0.1:${ports.grpc}`,
  };
  const filter = 'resource.labels.service_name="small-hello01"';
  const commands = [
    ['gcloud', ['run', 'services', 'list', '--format=json'], settings],
    ['gcloud', ['logging', 'read', filter, '--limit', '1000', '--format=json'], settings],
    ['curl', ['-sf', url], {}],
  ];
  let sum = 0;
  for (const [program, args, more] of commands) {
    const times = [];
    for (let n = 0; n < 3; n += 1) {
      const start = performance.now();
      const end = spawnSync(program, args, { env: { ...env, ...more }, encoding: 'utf8' });
      if (end.status !== 0)
        return `not measured: ${program} ${args.slice(0, 2).join(' ')}: ${end.error?.code ?? end.stderr.trim().split('\n')[0]}`;
      times.push(performance.now() - start);
    }
    sum += median(times);
  }
  return sum;
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

/** How close a split suite comes to the best time, with durations that are wrong or unknown. `npm run bench split` */
async function split() {
  const result = await bundled('src/testing/split-bench.ts', [join(root, 'scripts', 'split-durations.json')]);
  print('split suites', 'makespan ÷ max(longest, all ÷ workers), mean / max of 20 seeds');
  console.log(result.stdout.trim() || result.stderr.trim());
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

/** A bad revision that takes the traffic, and a client that asks 50 times a second. `npm run bench rollback` */
function rollBack() {
  const script = join(root, 'scripts', 'rollback-bench.mjs');
  const result = spawnSync(process.execPath, [script], { env, stdio: 'inherit' });
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
