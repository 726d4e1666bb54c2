import { afterEach, beforeEach, expect, test } from 'vitest';
import { selectionSha256, selectSuites } from '../config/focus.ts';
import { PipelineConfig } from '../config/pipeline.ts';
import { endOf, SmallRun } from '../testing/small-run.ts';
import { must } from '../testing/traffic-bed.ts';
import { type HeldAgainst, heldAgainst } from './held-against.ts';

let run: SmallRun;
beforeEach(async () => {
  run = await SmallRun.create();
});
afterEach(() => run.remove());

const suiteOf = (more: object) => ({ service: 'backend', run: ['node'], report: { path: '*.xml' }, ...more });
const pipeline = PipelineConfig.parse({
  ...{ pipeline: 'e2e', phases: [{ name: 'all', suites: ['chat', 'plain'] }] },
  suites: { chat: suiteOf({ criteria: [{ rate: 'baseline' }] }), plain: suiteOf({}) },
});
const selection = must(selectSuites({ focus: ['all'], pipeline }));

async function held(name: 'chat' | 'plain', selected = selection): Promise<{ known: HeldAgainst; stored: unknown }> {
  const ends: { known: HeldAgainst; stored: unknown }[] = [];
  run.stages.testing = async (stage) => {
    const config = pipeline.suites[name];
    if (config === undefined) throw new Error('no such suite');
    const known = await heldAgainst(`${stage.key}/held-against`, { name, config }, { selection: selected }, stage);
    const path = (await stage.evidence(known.evidence ?? ''))?.path;
    const bytes = path === undefined ? null : await stage.artifacts.read(path);
    ends.push({ known, stored: bytes && JSON.parse(Buffer.from(bytes).toString('utf8')) });
    return endOf('testing');
  };
  await run.drive();
  const [end] = ends;
  if (!end) throw new Error('the stage did not run');
  return end;
}

async function earlier(suite: string, verdict: 'GO' | 'NO-GO', outcomes: string, n: number): Promise<void> {
  const tests = [...outcomes].map((outcome, at) => ({ test: `t${at}`, outcome: outcome as 'P', durationMs: 1 }));
  const about = { run: `night-${n}`, cycle: 1, revision: null, commit: null, at: `2026-11-1${n}T02:00:00.000Z` };
  const row = { suite, selection: selectionSha256(selection), verdict, tests, rules: {}, narrowed: false, ...about };
  await run.store.memory('local', 'run-a').history.remember(row);
}

test('the last good run and the newest one are told apart, and stored', async () => {
  await earlier('chat', 'GO', 'PPPPP', 1);
  await earlier('chat', 'NO-GO', 'PPPF', 2);
  const { known, stored } = await held('chat');
  const facts = {
    lastGood: { run: 'night-1', tests: 5 },
    baseline: { run: 'night-2', passRatePermille: 750 },
  };
  expect(known).toEqual({ ...facts, evidence: expect.stringMatching(/^E\d+$/) });
  expect(stored).toEqual({ suite: 'chat', ...facts });
});

test('a baseline that no criterion asks for is not read', async () => {
  await earlier('plain', 'GO', 'PP', 1);
  expect((await held('plain')).known).toMatchObject({ lastGood: { run: 'night-1', tests: 2 }, baseline: null });
});

test('where nothing is known nothing is stored', async () => {
  expect(await held('chat')).toEqual({ known: { lastGood: null, baseline: null, evidence: null }, stored: null });
});
