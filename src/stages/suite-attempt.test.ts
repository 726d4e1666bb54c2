import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnvironmentConfig } from '../config/environment.ts';
import { SuiteConfig } from '../config/pipeline.ts';
import { fail, type Result } from '../core/result.ts';
import type { Deployer } from '../ports/deployer.ts';
import type { IdToken } from '../ports/id-tokens.ts';
import { processTester } from '../providers/process/tester.ts';
import { runAttempts, writeRepository } from '../testing/attempt-bed.ts';
import { endOf, runId, SmallRun } from '../testing/small-run.ts';
import { runSuite, type SuiteAttempt } from './suite-attempt.ts';

let run: SmallRun;
beforeEach(async () => {
  run = await SmallRun.create();
});
afterEach(() => run.remove());

const environment = EnvironmentConfig.parse({
  environment: 'local',
  project: 'demo',
  region: 'local',
  repository: { owner: 'demo', name: 'chat' },
  services: {
    'my-api': {
      cloudRun: 'api',
      path: 'api',
      private: { serviceAccount: 'caller@demo', audience: 'https://api.example' },
    },
  },
});

/** Writes a report whose one test is named after what it was given, and says where its token lay. */
const program = `
const { readFileSync, statSync, writeFileSync } = require('node:fs');
const file = process.env.LOOP_ID_TOKEN_FILE_MY_API;
const name = readFileSync(file, 'utf8') + ' ' + (statSync(file).mode & 0o777).toString(8);
writeFileSync(process.env.LOOP_REPORT + '/r.xml', '<testsuite tests="1"><testcase classname="c" name="' + name + '"/></testsuite>');
console.log('token in ' + file);
`;

async function attempt(mint: Result<IdToken>): Promise<{ end: SuiteAttempt; said: string }> {
  const suite = SuiteConfig.parse({ service: 'my-api', run: ['node', '-e', program], report: { path: '*.xml' } });
  const parts = {
    environment,
    // The audience is configured: nothing is asked of the platform.
    deployer: {} as Deployer,
    tester: processTester(),
    idTokens: { mint: async () => mint },
    path: `${dirname(process.execPath)}:/usr/bin:/bin`,
    version: '1.0.0',
    sleep: async (ms: number, signal: AbortSignal) => void (await wait(ms, undefined, { signal }).catch(() => {})),
  };
  const ended: { end: SuiteAttempt; said: string }[] = [];
  run.stages.testing = async (stage) => {
    const request = { key: `${stage.key}/one`, name: 'one', suite, urls: {}, cwd: run.folder };
    const end = await runSuite(request, parts, stage);
    const evidence = await stage.evidence(end.evidence[1] ?? '');
    ended.push({ end, said: Buffer.from(await stage.artifacts.read(evidence?.path ?? '')).toString('utf8') });
    return endOf('testing');
  };
  await run.drive();
  const [first] = ended;
  if (first === undefined) throw new Error('the suite was not run');
  return first;
}

test('a suite of a private service reads its token from a file of its own, which is gone after it', async () => {
  const value = { token: 'the.id.token', expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
  const { end, said } = await attempt({ ok: true, value });
  expect(end).toMatchObject({ how: 'exited', exitCode: 0, passed: [expect.stringContaining('the.id.token 600')] });
  const file = said.trim().replace('token in ', '');
  expect(file).toContain(run.folder);
  expect(existsSync(file)).toBe(false);
});

test('without a token it is not begun, and says what to grant', async () => {
  const { end } = await attempt(fail('permission', 'may not impersonate caller@demo', 'grant a role'));
  expect(end).toMatchObject({
    how: 'not-started',
    exitCode: null,
    message: 'may not impersonate caller@demo; grant a role',
  });
});

test('of very many passed tests the journal keeps none, and the artefact all of them', async () => {
  const tests = Array.from({ length: 5_001 }, (_, n) => `<testcase classname="c" name="test ${n}"/>`).join('');
  const folder = writeRepository(run, { 'write.mjs': writer, 'report.xml': `<testsuite>${tests}</testsuite>` });
  const [ended] = await runAttempts(run, { run: ['node', join(folder, 'write.mjs')] }, [null]);
  expect(ended?.attempt.passed).toHaveLength(5_001);
  expect(ended?.attempt.passed.at(-1)).toBe('c > test 5000');
  expect(ended?.facts.passed).toEqual(ended?.attempt.passed);
  const row = await run.store.step(runId, ended?.key ?? '');
  expect(row?.result).toMatchObject({ passed: null, counts: { passed: 5_001 } });
});

const writer = `
import { copyFileSync } from 'node:fs';
copyFileSync(new URL('report.xml', import.meta.url), process.env.LOOP_REPORT + '/r.xml');
`;
