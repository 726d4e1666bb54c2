// `npm run bench rollback`: a deployment that gives a bad revision the traffic, while a client asks 50 times a second throughout.
// Told: how long users met it, from the first bad answer to the last one, and how many of their requests were lost.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'dist', 'loop.cjs');
const { NODE_EXTRA_CA_CERTS: _slow, ...env } = process.env;
const everyMs = 20;
const timeoutMs = 5_000;

/** It boots, and then answers 500 to everyone. */
const badPatch = `diff --git a/hello/server.js b/hello/server.js
--- a/hello/server.js
+++ b/hello/server.js
@@ -2,3 +2,4 @@
 
 const server = createServer((request, response) => {
+  response.statusCode = 500;
   console.log(JSON.stringify({ message: 'asked', path: request.url }));
`;

const folder = await project();
try {
  const url = serviceUrl(loop(['emulate']).stdout);
  const client = startClient(url);
  const exitCode = await new Promise((settle) => {
    spawn(process.execPath, [bin, '--focus', 'all'], { cwd: folder, env, stdio: 'ignore' }).on('close', settle);
  });
  const answers = await client.stop();
  print(answers, exitCode, newestRecord());
} finally {
  loop(['emulate', '--stop']);
  rmSync(folder, { recursive: true, force: true });
}

/** The small project of the tests, its candidate without a tag: it serves as soon as it is up. */
async function project() {
  const built = mkdtempSync(join(root, 'node_modules', '.loop-bench-'));
  const outfile = join(built, 'small-project.mjs');
  const entry = join(root, 'src', 'testing', 'small-project.ts');
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node' });
  const { smallProject } = await import(pathToFileURL(outfile).href);
  rmSync(built, { recursive: true });
  const made = smallProject();
  writeFileSync(join(made, 'example', 'history', 'bad.patch'), badPatch);
  const config = join(made, 'config', 'local.yaml');
  writeFileSync(config, readFileSync(config, 'utf8').replace('candidate: tag', 'candidate: traffic'));
  return made;
}

function loop(args) {
  return spawnSync(process.execPath, [bin, ...args], { cwd: folder, env, encoding: 'utf8' });
}

function serviceUrl(stdout) {
  const url = /small-hello\s+(http:\S+)/.exec(stdout)?.[1];
  if (!url) throw new Error(`no address of the service in:\n${stdout}`);
  return url;
}

/** Asks on the clock, whether the answer before has come or not. */
function startClient(url) {
  const agent = new Agent({ keepAlive: true });
  const answers = [];
  const open = new Set();
  const timer = setInterval(() => {
    const at = performance.now();
    const asked = new Promise((settle) => {
      const done = (status) => {
        answers.push({ at, endedAt: performance.now(), status });
        settle();
      };
      const request = get(url, { agent, timeout: timeoutMs }, (response) => {
        response.resume();
        response.on('end', () => done(response.statusCode));
        response.on('error', () => done(null));
      });
      request.on('timeout', () => request.destroy(new Error('timeout')));
      request.on('error', () => done(null));
    });
    open.add(asked);
    asked.then(() => open.delete(asked));
  }, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(open);
      agent.destroy();
      return answers.sort((one, other) => one.at - other.at);
    },
  };
}

function newestRecord() {
  const worklogs = join(folder, 'worklogs');
  const newest = readdirSync(worklogs)
    .filter((name) => name.startsWith('E2E'))
    .sort()
    .at(-1);
  return JSON.parse(readFileSync(join(worklogs, newest, 'run.json'), 'utf8'));
}

function print(answers, exitCode, record) {
  const lost = answers.filter(({ status }) => status !== 200);
  const [first, last] = [lost[0], lost.at(-1)];
  const [given, back] = record.trafficMoves;
  const seconds = first && last ? (last.endedAt - first.at) / 1000 : 0;
  const bad = lost.filter(({ status }) => status === 500).length;
  console.log(`verdict ${record.verdict?.value}, exit code ${exitCode}, outcome ${record.run.outcome}`);
  console.log(`${answers.length} requests, one every ${everyMs} ms`);
  console.log(`${seconds.toFixed(2)} s from the first bad answer until stable serves again`);
  console.log(`${lost.length} requests lost: ${bad} answered 500, ${lost.length - bad} not answered`);
  console.log(`after that ${answers.filter(({ at }) => last && at > last.at).length} more requests, answered 200`);
  console.log(
    `the roll-back itself: ${back?.tookMs} ms from the decision to the read-back, verified ${back?.verified}`,
  );
  console.log(`traffic: ${given?.from} → ${given?.to} → ${back?.to}`);
}
