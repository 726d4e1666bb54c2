import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * A whole project in a temporary folder: one service, three tests, a seeded history with one bad commit. A run of it takes about
 * two seconds and walks the same way as the embedded default: NO-GO, control, cause, proven revert, issue, pull request.
 */
export function smallProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'loop-small-'));
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

const server = `import { createServer } from 'node:http';

const server = createServer((request, response) => {
  console.log(JSON.stringify({ message: 'asked', path: request.url }));
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ status: 'ok', greeting: 'hello' }));
});
server.listen(Number(process.env.PORT), process.env.HOST ?? '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`;

const tests = `import assert from 'node:assert/strict';
import { test } from 'node:test';

const url = process.env.LOOP_URL_HELLO;
const headers = { 'user-agent': process.env.LOOP_USER_AGENT ?? '', traceparent: process.env.TRACEPARENT ?? '' };
const body = async () => (await fetch(url, { headers })).json();

test('it answers', async () => assert.equal((await body()).status, 'ok'));
test('it answers again', async () => assert.equal((await body()).status, 'ok'));
test('it greets', async () => {
  const answer = await body();
  assert.ok('greeting' in answer, \`the answer has no greeting (keys: \${Object.keys(answer).join(', ')})\`);
});
`;

const badPatch = `diff --git a/hello/server.js b/hello/server.js
--- a/hello/server.js
+++ b/hello/server.js
@@ -3,7 +3,7 @@
 const server = createServer((request, response) => {
   console.log(JSON.stringify({ message: 'asked', path: request.url }));
   response.setHeader('content-type', 'application/json');
-  response.end(JSON.stringify({ status: 'ok', greeting: 'hello' }));
+  response.end(JSON.stringify({ status: 'ok', payload: { greeting: 'hello' } }));
 });
 server.listen(Number(process.env.PORT), process.env.HOST ?? '0.0.0.0');
 process.on('SIGTERM', () => process.exit(0));
`;

const history = {
  author: { name: 'loop example', email: 'example@loop.invalid' },
  commits: [
    {
      title: 'hello: a service and its tests',
      at: '2025-09-01T08:00:00Z',
      adds: ['package.json', 'hello', 'e2e'],
      stable: true,
    },
    { title: 'hello: nest the answer in a payload', at: '2025-09-02T08:00:00Z', patch: 'bad.patch' },
  ],
};

const config = `environment: local
level: act
endpoints: emulator
project: demo
region: local
repository: { owner: demo, name: small, base: main, seed: example }
store: sqlite:.loop/loop.db
services:
  hello: { cloudRun: small-hello, path: hello, candidate: tag, health: [{ path: /, status: 200, json: { status: ok } }] }
limits: { minutes: 5 }
`;

const pipeline = `pipeline: e2e
deploy: { stableForSeconds: 0 }
traffic: { watchSeconds: 0.5 }
control: { repeats: 1 }
health: { samples: 1 }
phases:
  - { name: safety, always: true, gate: 80%, suites: [greeting] }
suites:
  greeting:
    focus: [hello]
    priority: P1
    gate: phase
    service: hello
    run: [node, --test-reporter=spec, --test-reporter-destination=stdout, --test-reporter=junit, --test-reporter-destination=$LOOP_REPORT/junit.xml, e2e/greeting.test.js]
    report: { path: "*.xml" }
    evidence: server
    testsMin: 3
fixers: [{ use: revert-commit }]
`;

const files: Readonly<Record<string, string>> = {
  'config/local.yaml': config,
  'pipelines/e2e.yaml': pipeline,
  'worklogs/.gitkeep': '',
  'example/package.json': '{ "name": "small", "private": true, "type": "module" }\n',
  'example/hello/package.json': '{ "name": "hello", "private": true, "type": "module" }\n',
  'example/hello/server.js': server,
  'example/e2e/greeting.test.js': tests,
  'example/node_modules/.keep': '',
  'example/history/history.json': JSON.stringify(history),
  'example/history/bad.patch': badPatch,
};
