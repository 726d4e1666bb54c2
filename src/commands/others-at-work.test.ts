import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { RunRecord } from '../core/record.ts';
import { EmulatorState } from '../emulator/state.ts';
import { type Clients, makeClients, parent } from '../emulator/test-bed.ts';
import { ledgerOf, runLoop, startLoop } from '../testing/loop-process.ts';
import { smallProject } from '../testing/small-project.ts';

/** Someone else deploys while the suite runs: it waits at a gate until the story of that run has happened. */
let project = '';
let clients: Clients;

beforeAll(async () => {
  project = smallProject();
  change('config/local.yaml', (text) =>
    text.replace('limits:', '  other: { cloudRun: small-other, path: hello }\nlimits:'),
  );
  change('example/e2e/greeting.test.js', (text) => text.replace("test('it answers'", `${gate}test('it answers'`));
  expect((await runLoop(project, ['emulate'])).exitCode).toBe(0);
  const state = readFileSync(join(project, '.loop', 'emulator', 'emulator.json'), 'utf8');
  clients = makeClients(EmulatorState.parse(JSON.parse(state)));
}, 120_000);
afterEach(() => {
  for (let n = 0; existsSync(gateFile('at', n)); n += 1) for (const what of ['at', 'go']) rmSync(gateFile(what, n));
});
afterAll(async () => {
  await Promise.all([clients.services.close(), clients.revisions.close(), clients.jobs.close(), clients.logs.close()]);
  await runLoop(project, ['emulate', '--stop']);
  rmSync(project, { recursive: true, force: true });
});

test('a service that no selected suite needs: told, and nothing is void', async () => {
  const { record, exitCode, stderr } = await runWhile([() => deploy('small-other')]);
  expect(exitCode, stderr).toBe(0);
  expect(record.foreignChanges).toMatchObject([{ service: 'other', voids: false, evidence: [expect.any(String)] }]);
  expect(worklogOf(stderr)).toMatch(/other was changed by .*not needed by the selected suites/);
});

test('the tested service: its results are void, it is tested once more, and that verdict counts', async () => {
  const { record, exitCode, stderr } = await runWhile([() => deploy('small-hello')]);
  expect(exitCode, stderr).toBe(0);
  expect(record.foreignChanges).toMatchObject([{ service: 'hello', voids: true, evidence: [expect.any(String)] }]);
  expect(record.verdict?.value).toBe('GO');
  const [look] = record.evidence.filter(({ id }) => id === record.foreignChanges[0]?.evidence[0]);
  expect(look).toMatchObject({ kind: 'changes-by-others' });
  expect(stderr.match(/ testing {2,}/g)).toHaveLength(2);
});

test('again during the retest: INVALID, and no issue', async () => {
  const before = issuesMade();
  const { record, exitCode, stderr } = await runWhile([() => deploy('small-hello'), () => deploy('small-hello')]);
  expect(exitCode, stderr).toBe(4);
  expect(record.verdict).toMatchObject({ value: 'INVALID', reason: expect.stringContaining('changed hello again') });
  expect(record.published).toEqual([]);
  expect(issuesMade()).toBe(before);
});

/** A run at the level that opens issues but deploys nothing; each time the suite is at its gate the next of `acts` happens first. */
async function runWhile(acts: (() => Promise<void>)[]) {
  const run = startLoop(project, ['--focus', 'all', '--level', 'report']);
  let ended = false;
  const end = run.end.finally(() => {
    ended = true;
  });
  for (let n = 0; !ended; ) {
    if (existsSync(gateFile('at', n))) {
      await acts[n]?.();
      writeFileSync(gateFile('go', n), '');
      n += 1;
    }
    await new Promise((settle) => setTimeout(settle, 20));
  }
  const record = RunRecord.parse(JSON.parse((await runLoop(project, ['show', '--json'])).stdout));
  return { record, ...(await end) };
}

let deployments = 0;

/** What a colleague's `gcloud run deploy` does: a new revision of the same image, with all of the traffic. */
async function deploy(service: string): Promise<void> {
  const [found] = await clients.services.getService({ name: `${parent}/services/${service}` }, clients.call);
  deployments += 1;
  const [container] = found.template?.containers ?? [];
  const env = [{ name: 'COLLEAGUE', value: String(deployments) }];
  const template = { ...found.template, revision: '', labels: {}, containers: [{ ...container, env }] };
  const traffic = [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST' as const, percent: 100 }];
  const request = {
    service: { name: found.name ?? '', template, traffic },
    updateMask: { paths: ['template', 'traffic'] },
  };
  const [operation] = await clients.services.updateService(request, clients.call);
  await operation.promise();
}

const gate = `
const { existsSync, writeFileSync } = await import('node:fs');
const file = (what, n) => process.env.LOOP_REPORT.replace(/worklogs.*/, \`worklogs/\${what}-\${n}\`);
let n = 0;
while (existsSync(file('at', n))) n += 1;
writeFileSync(file('at', n), '');
for (let tries = 0; !existsSync(file('go', n)) && tries < 3_000; tries += 1) await new Promise((go) => setTimeout(go, 20));
`;

function gateFile(what: string, n: number): string {
  return join(project, 'worklogs', `${what}-${n}`);
}

function change(file: string, edit: (text: string) => string): void {
  const path = join(project, file);
  writeFileSync(path, edit(readFileSync(path, 'utf8')));
}

function worklogOf(stderr: string): string {
  return readFileSync(join(project, /^worklogs\/\S+$/m.exec(stderr)?.[0] ?? '', 'worklog.md'), 'utf8');
}

function issuesMade(): number {
  return ledgerOf(project).filter((row) => row.api === 'github' && row.path?.endsWith('/issues')).length;
}
