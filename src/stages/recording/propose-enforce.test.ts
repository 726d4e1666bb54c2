import { afterEach, beforeEach, expect, test } from 'vitest';
import { PipelineConfig } from '../../config/pipeline.ts';
import { phase, suite } from '../../core/judged-sample.ts';
import type { RunRecord } from '../../core/record.ts';
import { endOf, SmallRun } from '../../testing/small-run.ts';
import { proposeEnforce } from './propose-enforce.ts';

let run: SmallRun;
beforeEach(async () => {
  run = await SmallRun.create();
});
afterEach(() => run.remove());

const of = { service: 'backend', run: ['node'], report: { path: '*.xml' } };
const pipeline = PipelineConfig.parse({
  ...{ pipeline: 'e2e', phases: [{ name: 'all', suites: ['auth', 'chat'] }], suites: { auth: of, chat: of } },
});

/** `mock+ hosts- seen?`: a rule that held, one that broke, one that had nothing to look at. */
function rulesIn(words: string): [name: string, ok: boolean | null][] {
  return words.split(' ').map((word) => [word.slice(0, -1), { '+': true, '-': false }[word.slice(-1)] ?? null]);
}

/** One word list a night and suite, the newest last; the last night is the run that asks. */
async function proposed(
  nights: Readonly<Record<string, readonly string[]>>,
  now: { mode?: 'warn' | 'enforce' | 'off'; verdict?: 'GO' | 'INVALID' } = {},
): Promise<RunRecord['next']> {
  const { history } = run.store.memory('local', 'run-a');
  for (const [name, all] of Object.entries(nights)) {
    for (const [n, words] of all.slice(0, -1).entries()) {
      const rules = Object.fromEntries(rulesIn(words).flatMap(([rule, ok]) => (ok === null ? [] : [[rule, ok]])));
      const at = `2026-11-1${n}T02:00:00.000Z`;
      const row = { suite: name, selection: 'all', run: `night-${n}`, cycle: 1, revision: null, commit: null };
      await history.remember({ ...row, verdict: 'GO', at, rules, narrowed: false, tests: [] });
    }
  }
  const suites = Object.entries(nights).map(([name, all]) => {
    const rules = rulesIn(all.at(-1) ?? '').map(([rule, ok]) => ({
      ...{ name: rule, mode: now.mode ?? ('warn' as const), ok, figure: '', because: null },
    }));
    return suite(name, { rules, verdict: now.verdict ?? 'GO' });
  });
  const next: RunRecord['next'][] = [];
  run.stages.recording = async (stage) => {
    const selection = { focus: [], partial: false, suites: [], impact: null, sha256: 'all', evidence: [] };
    const record = { ...stage.record, selection, phases: [phase('all', 'GO', suites)] };
    next.push(await proposeEnforce(pipeline, { ...stage, record }));
    return endOf('recording');
  };
  await run.drive();
  return next[0] ?? [];
}

const five = (words: string) => Array.from({ length: 5 }, () => words);
const ids = 'this one, night-3, night-2, night-1, night-0';

test('rules that held in five runs of every suite are one line', async () => {
  expect(await proposed({ auth: five('mock+ hosts+'), chat: five('mock+ hosts+') })).toEqual([
    {
      what: 'set rules: { mock: enforce, hosts: enforce } in pipelines/e2e.yaml',
      who: 'person',
      because: `held in the last 5 runs that count: ${ids}`,
    },
  ]);
});

test('one that held for some suites is proposed for these', async () => {
  const next = await proposed({ auth: five('mock+'), chat: ['mock-', ...five('mock+').slice(1)] });
  expect(next.map(({ what }) => what)).toEqual(['set rules: { mock: enforce } for suite auth in pipelines/e2e.yaml']);
});

test.each([
  ['four runs are too few', five('mock+').slice(1), {}],
  ['it broke in this run', [...five('mock+'), 'mock-'], {}],
  ['it broke two runs ago', ['mock+', 'mock+', 'mock+', 'mock+', 'mock-', 'mock+', 'mock+'], {}],
  ['it had nothing to look at in one of five', ['mock+', 'mock+', 'mock?', 'mock+', 'mock+'], {}],
  ['it is enforced already', five('mock+'), { mode: 'enforce' as const }],
  ['this run is no evidence', five('mock+'), { verdict: 'INVALID' as const }],
  ['counts can be chance', five('instant+ warning-count+ fewer-tests+'), {}],
])('nothing is proposed: %s', async (_why, chat, now) => {
  expect(await proposed({ chat }, now)).toEqual([]);
});

test('an alarm of long ago is forgotten after five runs without one', async () => {
  expect(await proposed({ chat: ['mock-', 'mock?', ...five('mock+')] })).toMatchObject([
    { what: 'set rules: { mock: enforce } for suite chat in pipelines/e2e.yaml' },
  ]);
});
