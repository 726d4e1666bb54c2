import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnvironmentConfig } from '../../config/environment.ts';
import { selectSuites } from '../../config/focus.ts';
import { PipelineConfig } from '../../config/pipeline.ts';
import { counts, phase, suite } from '../../core/judged-sample.ts';
import type { Cause, SuiteResult } from '../../core/record.ts';
import { processTester } from '../../providers/process/tester.ts';
import { endOf, SmallRun } from '../../testing/small-run.ts';
import { must } from '../../testing/traffic-bed.ts';
import { nothingWorse } from './nothing-worse.ts';

let run: SmallRun;
beforeEach(async () => {
  run = await SmallRun.create();
});
afterEach(() => run.remove());

const environment = EnvironmentConfig.parse({
  ...{ environment: 'local', project: 'demo', region: 'local', repository: { owner: 'demo', name: 'chat' } },
  services: { api: { cloudRun: 'api', path: 'api' } },
});
const red: SuiteResult['tests'] = [{ id: 'it', name: 'it', outcome: 'failed', attempts: 'F', message: '', frames: [] }];

/** One test, red with the fix; on the reference it ends as the story says. */
function program(onReference: 'red' | 'green' | 'red, and exits with 0'): string {
  return `const isRed = process.env.LOOP_URL_API.includes('fix') || ${onReference !== 'green'};
    require('node:fs').writeFileSync(process.env.LOOP_REPORT + '/r.xml', '<testsuite><testcase name="it">' + (isRed ? '<failure/>' : '') + '</testcase></testsuite>');
    process.exitCode = isRed && (process.env.LOOP_URL_API.includes('fix') || ${onReference === 'red'}) ? 1 : 0;`;
}

const newly = ['chat: newly red: it'];
test.each<[string, Partial<SuiteResult>, Parameters<typeof program>[0], readonly (string | RegExp)[]]>([
  ['red on the base already', { verdict: 'NO-GO', tests: red }, 'green', []],
  ['green on the base', {}, 'red', newly],
  ['red on a base that is no evidence, green on the reference', { verdict: 'INVALID', tests: red }, 'green', newly],
  ['not run on the base, red on the reference', { verdict: 'BLOCKED', exitCode: null }, 'red', []],
  [
    'not run on the base, and the reference is no evidence',
    { exitCode: null },
    'red, and exits with 0',
    [/^chat: nothing to hold it against/],
  ],
])('a test that is red with the fix was %s', async (_story, before, onReference, worse) => {
  const pipeline = PipelineConfig.parse({
    ...{ pipeline: 'e2e', phases: [{ name: 'all', suites: ['chat'] }] },
    suites: { chat: { service: 'api', run: ['node', '-e', program(onReference)], report: { path: '*.xml' } } },
  });
  const parts = {
    ...{ environment, pipeline, selection: must(selectSuites({ focus: ['all'], pipeline })), tester: processTester() },
    ...{ version: '1.0.0', path: `${dirname(process.execPath)}:/usr/bin:/bin` },
  } as unknown as Parameters<typeof nothingWorse>[1];
  const [fixUrls, referenceUrls] = [{ api: 'http://fix.localhost' }, { api: 'http://stable.localhost' }];
  const request = {
    ...{ cause: { suite: 'other', tests: [] as string[] } as unknown as Cause, cwd: run.folder },
    ...{ deployed: { revisions: {}, baseUrls: {}, fixUrls, referenceUrls }, repeated: { fix: [] } },
  } as unknown as Parameters<typeof nothingWorse>[0];
  const found: string[] = [];
  run.stages.testing = async (stage) => {
    const phases = [phase('all', 'NO-GO', [suite('chat', { counts: counts('1/1'), evidence: [], ...before })])];
    found.push(...(await nothingWorse(request, parts, { ...stage, record: { ...stage.record, phases } })).worse);
    return endOf('testing');
  };
  await run.drive();
  expect(found).toEqual(worse.map((one) => (typeof one === 'string' ? one : expect.stringMatching(one))));
});
