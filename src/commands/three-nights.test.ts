import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunRecord } from '../core/record.ts';
import { runLoop } from '../testing/loop-process.ts';
import { newestRun } from '../testing/newest-run.ts';
import { smallProject } from '../testing/small-project.ts';

/**
 * Nights of one project, one after the other. One test of its small suite fails one time in four, counted for each revision in files
 * of its own: never, on both revisions, or on the candidate alone, as the file `mode` says. Its large suite has 312 tests.
 */
let project = '';
/** A process that the service asks; in the night `down` it ends in the middle of the large suite. */
let database: ChildProcess;
const mode = (word: string) => {
  for (const file of readdirSync(project).filter((name) => name.startsWith('count-')))
    rmSync(join(project, file), { force: true });
  writeFileSync(join(project, 'mode'), word);
};
const lastTest = 'it is there one time in four';

beforeAll(async () => {
  project = smallProject();
  const at = (...path: string[]) => join(project, ...path);
  mode('green');
  writeFileSync(at('database.mjs'), databaseProgram(at('mode')));
  database = spawn(process.execPath, [at('database.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!database.stdout) throw new Error('the database says nothing');
  const [said] = await once(database.stdout, 'data');
  const url = `http://127.0.0.1:${Number(said)}/`;
  appendFileSync(at('config', 'local.yaml'), `dependencies: { database: { url: '${url}' } }\n`);
  writeFileSync(at('example', 'hello', 'server.js'), service(url));
  writeFileSync(at('example', 'history', 'bad.patch'), patch);
  writeFileSync(at('example', 'e2e', 'greeting.test.js'), suite(project));
  writeFileSync(at('example', 'e2e', 'large.test.js'), large);
  writeFileSync(at('pipelines', 'e2e.yaml'), pipeline);
  expect((await runLoop(project, ['emulate'])).exitCode).toBe(0);
}, 60_000);
afterAll(async () => {
  database.kill();
  await runLoop(project, ['emulate', '--stop']);
  rmSync(project, { recursive: true, force: true });
});

interface Night {
  readonly exitCode: number | null;
  readonly record: RunRecord;
  readonly worklog: string;
}

async function night(word: string): Promise<Night> {
  mode(word);
  pushCommit(word);
  const end = await runLoop(project, ['--focus', 'all']);
  expect([0, 1, 4, 5], end.stderr).toContain(end.exitCode);
  expect((await runLoop(project, ['replay'])).exitCode, 'the replay says the same').toBe(0);
  return { exitCode: end.exitCode, ...newestRun(project) };
}

/** Something to deploy each night: a commit that changes nothing that is tested. */
function pushCommit(title: string): void {
  const clone = join(project, 'work');
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=ann', '-c', 'user.email=ann@loop.invalid', ...args], { cwd, stdio: 'pipe' });
  rmSync(clone, { recursive: true, force: true });
  git(project, 'clone', '-q', join(project, '.loop', 'emulator', 'github', 'demo', 'small.git'), clone);
  appendFileSync(join(clone, 'hello', 'server.js'), `// ${title}\n`);
  git(clone, 'commit', '-qam', `hello: ${title}`);
  git(clone, 'push', '-q', 'origin', 'HEAD:main');
}

test('nights: green, flaky on both revisions, flaky on the candidate alone, a dependency that goes down', async () => {
  const green = await night('green');
  expect(green.exitCode).toBe(0);
  expect(green.record).toMatchObject({ verdict: { value: 'GO', thinBecause: [] }, run: { outcome: 'promoted' } });
  expect(green.record.phases[0]?.suites[0]?.comparison).toBeNull();

  const both = await night('both');
  expect(both.record.control).toMatchObject([
    { first: 'F', candidate: { runs: 'PPP' }, reference: { runs: 'FPP' }, note: expect.stringContaining('on both') },
  ]);
  expect(both.exitCode).toBe(0);
  expect(both.record.verdict).toMatchObject({
    value: 'GO',
    counts: { selected: 316, passed: 315, failed: 1 },
    thinBecause: [expect.stringContaining(`${lastTest} is flaky on both revisions`)],
  });
  expect(both.record.phases.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual(['first GO', 'second GO']);
  expect(both.record.run.outcome).toBe('promoted');
  expect(both.record.published).toEqual([]);
  expect(both.worklog).toContain('counted as passed by budget');

  const alone = await night('candidate');
  expect(alone.exitCode).toBe(1);
  expect(alone.record.control).toMatchObject([
    { first: 'F', candidate: { runs: 'PPPFPPPFPP' }, reference: { runs: 'PPPPPPPPPP' }, means: 'flaky' },
  ]);
  expect(alone.record.verdict?.value).toBe('NO-GO');
  expect(alone.record.causes).toMatchObject([{ class: 'flaky', suspects: [] }]);
  expect(alone.record.published.map(({ kind, action }) => `${kind} ${action}`)).toEqual(['issue created']);
  const compared = alone.record.phases[0]?.suites[0]?.comparison;
  expect(compared).toMatchObject({
    run: both.record.run.id,
    state: 'same',
    rates: [{ test: expect.stringContaining(lastTest), red: 1, of: 2 }],
  });
  expect(alone.record.context.baselines).toMatchObject([
    { suite: 'greeting', run: both.record.run.id },
    { suite: 'large', run: both.record.run.id },
  ]);

  const down = await night('down');
  expect(down.exitCode).toBe(5);
  expect(down.record.verdict).toMatchObject({
    value: 'BLOCKED',
    reason: expect.stringContaining('database is down'),
    counts: { selected: 312, passed: 272, failed: 40 },
  });
  expect(down.record.health).toContainEqual(
    expect.objectContaining({ dependency: 'database', ok: false, because: expect.stringContaining('ECONNREFUSED') }),
  );
  expect(down.record.control).toHaveLength(40);
  expect(new Set(down.record.control.map(({ means }) => means))).toEqual(new Set(['environment-or-older']));
  expect(down.record.causes).toMatchObject([{ class: 'environment', title: 'database is down', suspects: [] }]);
  expect(down.record.published.map(({ kind, title }) => `${kind} ${title}`)).toEqual([
    'issue E2E-DEPLOY-environment-database is down',
  ]);
  expect(down.worklog).toMatch(/^# BLOCKED/);
  expect(down.worklog).toContain('**Red in large** (272 of 312 passed = 87.1 %)');
  expect(down.worklog).toContain('bring the environment up, then run again, because database is down');

  const history = await runLoop(project, ['history', 'one time in four']);
  expect(history.stdout.trimEnd().split('\n')).toHaveLength(2);
  expect(history.stdout).toMatch(new RegExp(`greeting +PFF +2/3 .*${alone.record.run.id} .*${lastTest}`));
}, 240_000);

/** Answers health checks and the service; when it goes down, it has answered 64 of the 104 tests that need it. */
const databaseProgram = (modeFile: string) => `import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

let asked = 0;
const server = createServer((request, response) => {
  const down = request.url === '/saved' && readFileSync(${JSON.stringify(modeFile)}, 'utf8') === 'down';
  if (down && ++asked > 64) process.exit(1);
  response.end('saved');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

const service = (database: string) => `// revision 1
import { createServer } from 'node:http';

const server = createServer(async (request, response) => {
  const saved = request.url === '/saved' ? await fetch('${database}saved').catch((error) => error) : null;
  if (saved instanceof Error) {
    console.log(JSON.stringify({ severity: 'ERROR', message: \`database: \${saved.cause.code}\` }));
    response.statusCode = 503;
  }
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ status: 'ok', greeting: 'hello' }));
});
server.listen(Number(process.env.PORT), process.env.HOST ?? '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`;

const patch = `diff --git a/hello/server.js b/hello/server.js
--- a/hello/server.js
+++ b/hello/server.js
@@ -1,2 +1,2 @@
-// revision 1
+// revision 2
 import { createServer } from 'node:http';
`;

const suite = (folder: string) => `import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';

const url = process.env.LOOP_URL_HELLO;
const headers = { 'user-agent': process.env.LOOP_USER_AGENT ?? '', traceparent: process.env.TRACEPARENT ?? '' };
const body = async () => (await fetch(url, { headers })).json();
const folder = ${JSON.stringify(folder)};
const number = (file) => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);

test('it answers', async () => assert.equal((await body()).status, 'ok'));
test('it answers again', async () => assert.equal((await body()).status, 'ok'));
test('it greets', async () => assert.ok((await body()).greeting));
test('${lastTest}', () => {
  const mode = readFileSync(folder + '/mode', 'utf8');
  const first = folder + '/count-first';
  if (!existsSync(first)) writeFileSync(first, url);
  const mine = folder + '/count-' + url.replace(/[^a-z0-9]/gi, '');
  const n = number(mine);
  writeFileSync(mine, String(n + 1));
  const shaky = mode === 'both' || (mode === 'candidate' && readFileSync(first, 'utf8') === url);
  assert.ok(!shaky || n % 4 !== 0, 'not there this time');
});
`;

const large = `import assert from 'node:assert/strict';
import { test } from 'node:test';

const url = process.env.LOOP_URL_HELLO;
const headers = { 'user-agent': process.env.LOOP_USER_AGENT ?? '', traceparent: process.env.TRACEPARENT ?? '' };

for (let n = 1; n <= 312; n += 1) {
  const path = n % 3 === 0 ? 'saved' : '';
  test(\`answer \${n} of /\${path}\`, async () => {
    const { status } = await fetch(new URL(path, url), { headers });
    assert.equal(status, 200, \`/\${path} answered \${status}\`);
  });
}
`;

const run = (file: string) =>
  `[node, --test-reporter=spec, --test-reporter-destination=stdout, --test-reporter=junit, --test-reporter-destination=$LOOP_REPORT/junit.xml, e2e/${file}.test.js]`;
const pipeline = `pipeline: e2e
deploy: { stableForSeconds: 0 }
traffic: { watchSeconds: 0.2, requestsMin: 0 }
control: { repeats: 3 }
flakyBudget: { tests: 1, permille: 250 }
health: { samples: 1, retries: 1 }
logs: { settleSeconds: 1 }
phases:
  - { name: first, suites: [greeting] }
  - { name: second, suites: [large] }
suites:
  greeting: { priority: P1, service: hello, run: ${run('greeting')}, report: { path: "*.xml" }, evidence: server, testsMin: 4 }
  large: { priority: P1, service: hello, needs: [database], run: ${run('large')}, report: { path: "*.xml" }, evidence: server, testsMin: 312 }
`;
