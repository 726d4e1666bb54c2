import { afterEach, beforeEach, expect, test } from 'vitest';
import { phase, suite } from '../core/judged-sample.ts';
import type { SuiteResult } from '../core/record.ts';
import { proven } from '../ports/journal.ts';
import { endOf, SmallRun } from '../testing/small-run.ts';
import { passedTests } from './passed-tests.ts';

let run: SmallRun;
beforeEach(async () => {
  run = await SmallRun.create();
});
afterEach(() => run.remove());

test.each<[string, Partial<SuiteResult>, string[]]>([
  ['passed', {}, ['chat: it opens']],
  ['passed beside a red one', { verdict: 'NO-GO' }, ['chat: it opens']],
  ['passed where the evidence does not hold', { verdict: 'INVALID' }, []],
  ['passed alone: it may be red together with the others', { narrowedTo: ['it opens'] }, []],
])('a test that %s', async (_story, result, passes) => {
  const found: string[] = [];
  run.stages.testing = async (stage) => {
    const at = stage.now().toISOString();
    const content = JSON.stringify({ startedAt: at, endedAt: at, traceparent: '00', passed: ['it opens'] });
    const id = await stage.journal.step(`${stage.key}/chat`, {}, async () => {
      const artifact = { kind: 'attempt', source: 'suite chat', at, content };
      return proven(await stage.artifacts.put(artifact), (evidence) => evidence);
    });
    const phases = [phase('all', 'GO', [suite('chat', { evidence: [id], ...result })])];
    found.push(...(await passedTests({ ...stage, record: { ...stage.record, phases } })));
    return endOf('testing');
  };
  await run.drive();
  expect(found).toEqual(passes);
});
