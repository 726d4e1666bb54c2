import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnvironmentConfig } from '../../config/environment.ts';
import { PipelineConfig } from '../../config/pipeline.ts';
import { suite } from '../../core/judged-sample.ts';
import type { Control, RedTest } from '../../core/record.ts';
import { processTester } from '../../providers/process/tester.ts';
import { endOf, SmallRun } from '../../testing/small-run.ts';
import { controlRound } from './control-round.ts';

let run: SmallRun;
beforeEach(async () => {
  run = await SmallRun.create();
});
afterEach(() => run.remove());

const environment = EnvironmentConfig.parse({
  ...{ environment: 'local', project: 'demo', region: 'local', repository: { owner: 'demo', name: 'chat' } },
  services: { api: { cloudRun: 'api', path: 'api' } },
});

/** One test, red where the script says so. */
const words = `
const fs = require('node:fs');
const onCandidate = process.env.LOOP_URL_API.includes('candidate');
const report = (red) => {
  fs.writeFileSync(process.env.LOOP_REPORT + '/r.xml', '<testsuite><testcase name="it"/></testsuite>'.replace('/>', red ? '><failure/></testcase>' : '/>'));
  process.exitCode = red ? 1 : 0;
};
`;
const red: RedTest = { id: 'it', name: 'it', outcome: 'failed', attempts: 'F', message: '', frames: [] };

async function controlled(script: string, of: { suite?: object; pipeline?: object } = {}): Promise<Control> {
  const run1 = ['node', '-e', `${words}${script}`];
  const pipeline = PipelineConfig.parse({
    ...{ pipeline: 'e2e', control: { repeats: 2 }, phases: [{ name: 'all', suites: ['chat'] }], ...of.pipeline },
    suites: { chat: { service: 'api', run: run1, report: { path: '*.xml' }, ...of.suite } },
  });
  const config = pipeline.suites.chat;
  if (config === undefined) throw new Error('no such suite');
  const parts = {
    ...{ environment, pipeline, tester: processTester(), version: '1.0.0' },
    path: `${dirname(process.execPath)}:/usr/bin:/bin`,
    sleep: async (ms: number, signal: AbortSignal) => void (await wait(ms, undefined, { signal }).catch(() => {})),
  } as unknown as Parameters<typeof controlRound>[2];
  const place = {
    suite: suite('chat', { service: 'api', roles: { api: 'candidate' } }),
    ...{ config, candidate: 'api-2', reference: { revision: 'api-1', url: 'http://stable.localhost' } },
    targets: { candidate: { api: 'http://candidate.localhost' }, stable: { api: 'http://stable.localhost' } },
    ...{ cwd: run.folder, tests: null },
  };
  const rows: Control[] = [];
  run.stages.testing = async (stage) => {
    rows.push(...(await controlRound(place, [red], parts, stage)));
    return endOf('testing');
  };
  await run.drive();
  const [row] = rows;
  if (row === undefined) throw new Error('no control');
  return row;
}

test('red on the candidate alone is the revision', async () => {
  expect(await controlled('report(onCandidate);')).toMatchObject({
    ...{ means: 'revision', candidate: { runs: 'FF' }, reference: { runs: 'PP' } },
  });
});

test.each([
  ['the pipeline', { pipeline: { rules: { mock: 'enforce' } } }],
  ['the suite', { suite: { rules: { mock: 'enforce' } } }],
])('a repeat that breaks a rule which %s enforces says nothing', async (_who, of) => {
  const row = await controlled("console.log('using mock WebSocket'); report(onCandidate);", of);
  expect(row).toMatchObject({ means: 'impossible', candidate: { runs: '--' }, reference: { runs: '--' } });
});

test('an exclusive suite is not repeated beside itself', async () => {
  const script = `
    const free = !fs.existsSync('taken');
    fs.writeFileSync('taken', '');
    report(!free);
    setTimeout(() => fs.rmSync('taken', { force: true }), 200);`;
  const row = await controlled(script, { suite: { exclusive: true }, pipeline: { flakyBudget: { tests: 0 } } });
  expect(row.means).toBe('not-reproduced');
});
