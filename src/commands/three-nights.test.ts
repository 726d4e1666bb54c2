import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunRecord } from '../core/record.ts';
import { runLoop } from '../testing/loop-process.ts';
import { smallProject } from '../testing/small-project.ts';

/**
 * Nights of one project, one after the other. Its last test fails one time in four, counted for each revision in files of its own:
 * never, on both revisions, or on the candidate alone, as the file `mode` says.
 */
let project = '';
/** What the suites need besides; the file `mode` says when it goes down. */
let database: Server;
const mode = (word: string) => {
  for (const file of readdirSync(project).filter((name) => name.startsWith('count-')))
    rmSync(join(project, file), { force: true });
  writeFileSync(join(project, 'mode'), word);
};
const lastTest = 'it is there one time in four';

beforeAll(async () => {
  project = smallProject();
  database = createServer((_request, response) => {
    response.statusCode = readFileSync(join(project, 'mode'), 'utf8') === 'down now' ? 503 : 200;
    response.end();
  });
  await new Promise<void>((resolve) => database.listen(0, '127.0.0.1', resolve));
  const { port } = database.address() as AddressInfo;
  const config = join(project, 'config', 'local.yaml');
  appendFileSync(config, `dependencies: { database: { url: 'http://127.0.0.1:${port}/' } }\n`);
  const at = (...path: string[]) => join(project, ...path);
  writeFileSync(at('example', 'e2e', 'greeting.test.js'), suite(project));
  writeFileSync(at('example', 'e2e', 'later.test.js'), later);
  writeFileSync(at('pipelines', 'e2e.yaml'), pipeline);
  const patch = readFileSync(at('example', 'history', 'bad.patch'), 'utf8');
  writeFileSync(
    at('example', 'history', 'bad.patch'),
    patch.replace("payload: { greeting: 'hello' } }", "greeting: 'hi' }"),
  );
  expect((await runLoop(project, ['emulate'])).exitCode).toBe(0);
}, 60_000);
afterAll(async () => {
  database.close();
  await runLoop(project, ['emulate', '--stop']);
  rmSync(project, { recursive: true, force: true });
});

async function night(word: string): Promise<{ exitCode: number | null; record: RunRecord; worklog: string }> {
  mode(word);
  pushCommit(word);
  const end = await runLoop(project, ['--focus', 'all']);
  expect([0, 1, 4, 5], end.stderr).toContain(end.exitCode);
  const shown = await runLoop(project, ['show', '--json']);
  const record = RunRecord.parse(JSON.parse(shown.stdout));
  expect((await runLoop(project, ['replay'])).exitCode, 'the replay says the same').toBe(0);
  return { exitCode: end.exitCode, record, worklog: (await runLoop(project, ['show'])).stdout };
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
    counts: { selected: 5, passed: 4, failed: 1 },
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
    { suite: 'later', run: both.record.run.id },
  ]);

  const down = await night('down');
  expect(down.exitCode).toBe(5);
  expect(down.record.verdict).toMatchObject({ value: 'BLOCKED', reason: expect.stringContaining('database is down') });
  expect(down.record.control).toMatchObject([{ means: 'environment-or-older', note: null }]);
  expect(down.record.causes.flatMap(({ suspects }) => suspects)).toEqual([]);
  expect(down.worklog).toContain('FFF');

  const history = await runLoop(project, ['history', 'one time in four']);
  expect(history.stdout.trimEnd().split('\n')).toHaveLength(2);
  expect(history.stdout).toMatch(new RegExp(`greeting +PFF +2/3 .*${alone.record.run.id} .*${lastTest}`));
  const lines = (await runLoop(project, ['history', '--suite', 'later', '--json'])).stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { suite: 'later', outcomes: 'PP', red: 0, of: 2, lastRed: null },
  ]);
}, 240_000);

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
  // The database goes down in the middle of this night, and stays down.
  if (mode === 'down') writeFileSync(folder + '/mode', 'down now');
  assert.ok(!mode.startsWith('down'), 'the database does not answer');
  const shaky = mode === 'both' || (mode === 'candidate' && readFileSync(first, 'utf8') === url);
  assert.ok(!shaky || n % 4 !== 0, 'not there this time');
});
`;

const later = `import assert from 'node:assert/strict';
import { test } from 'node:test';

test('it still answers', async () => {
  const headers = { 'user-agent': process.env.LOOP_USER_AGENT ?? '' };
  assert.equal((await fetch(process.env.LOOP_URL_HELLO, { headers })).status, 200);
});
`;

const run = (file: string) =>
  `[node, --test, --test-reporter=spec, --test-reporter-destination=stdout, --test-reporter=junit, --test-reporter-destination=$LOOP_REPORT/junit.xml, e2e/${file}.test.js]`;
const pipeline = `pipeline: e2e
deploy: { stableForSeconds: 0 }
traffic: { watchSeconds: 0.5, requestsMin: 0 }
control: { repeats: 3 }
flakyBudget: { tests: 1, permille: 250 }
health: { samples: 1, retries: 1 }
logs: { settleSeconds: 1 }
phases:
  - { name: first, suites: [greeting] }
  - { name: second, suites: [later] }
suites:
  greeting: { priority: P1, service: hello, needs: [database], run: ${run('greeting')}, report: { path: "*.xml" }, evidence: server, testsMin: 4 }
  later: { priority: P1, service: hello, run: ${run('later')}, report: { path: "*.xml" }, evidence: server }
`;
