import { afterEach, beforeEach, expect, test } from 'vitest';
import { PipelineConfig } from '../../config/pipeline.ts';
import { candidate, phase, suite } from '../../core/judged-sample.ts';
import type { SuiteResult } from '../../core/record.ts';
import { endOf, SmallRun } from '../../testing/small-run.ts';
import { rememberGood } from './remember-good.ts';

let run: SmallRun;
beforeEach(async () => {
  run = await SmallRun.create();
});
afterEach(() => run.remove());

const of = { service: 'backend', run: ['node'], report: { path: '*.xml' } };
const pipeline = PipelineConfig.parse({
  ...{ pipeline: 'e2e', phases: [{ name: 'all', suites: ['auth', 'chat', 'extra'] }] },
  suites: { auth: of, chat: of, extra: { ...of, require: false } },
});

// [what ran, the suites, is what serves a reference now]
test.each<[string, SuiteResult[], string | null]>([
  ['every required suite of it', [suite('auth'), suite('chat')], 'backend-2'],
  ['one suite of two', [suite('auth')], null],
  ['one of them narrowed to a test', [suite('auth'), suite('chat', { narrowedTo: ['it opens'] })], null],
])('a service of which ran: %s', async (_what, suites, good) => {
  run.stages.recording = async (stage) => {
    const traffic = [{ revision: 'backend-2', percent: 100, tag: null, latest: false }];
    const deployments = [{ ...candidate('backend'), traffic }];
    await rememberGood(pipeline, {
      ...stage,
      record: { ...stage.record, deployments, phases: [phase('all', 'GO', suites)] },
    });
    return endOf('recording');
  };
  await run.drive();
  const known = await run.store.memory('local', 'later').goodRevision('backend');
  expect(known?.revision ?? null).toBe(good);
});
