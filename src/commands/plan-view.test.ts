import { expect, test } from 'vitest';
import { EnvironmentConfig } from '../config/environment.ts';
import { PipelineConfig } from '../config/pipeline.ts';
import { noFacts, type SelectionFacts } from '../config/selection-facts.ts';
import { displayWidth } from '../outputs/text-width.ts';
import { allOf } from '../runtime/run-options.ts';
import { planOf, type RunPlan } from '../runtime/run-plan.ts';
import { planJson, planView } from './plan-view.ts';

const environment = EnvironmentConfig.parse({
  environment: 'local',
  project: 'demo',
  region: 'local',
  repository: { owner: 'demo', name: 'chat' },
  services: { auth: { cloudRun: 'chat-auth', path: 'auth' } },
});
const suite = { service: 'auth', run: ['node', '{select}'], report: { path: '*.xml' }, select: { words: ['{test}'] } };
const pipeline = PipelineConfig.parse({
  pipeline: 'e2e',
  phases: [
    { name: 'safety', always: true, gate: '80%', suites: ['events'] },
    { name: 'rest', suites: ['auth', 'chat', 'page'] },
  ],
  suites: {
    events: { ...suite, gate: 'phase', collect: { run: ['node', 'list.js'] } },
    auth: { ...suite, focus: ['login'], testsMin: 7, exclusive: true },
    chat: { ...suite, select: undefined, priority: 'P1' },
    page: { ...suite, split: { items: ['e2e/*.test.js'] } },
  },
});

function plan(focus: string[], more: Partial<SelectionFacts>): RunPlan {
  const asked = { ...allOf({ env: 'local', pipeline: 'e2e' }), focus, found: { ...noFacts, ...more } };
  const planned = planOf(asked, { environment, pipeline });
  if (!planned.ok) throw new Error(planned.failure.message);
  return planned.value;
}

const hit = (tests: string[], more = 0) => ({ tests, more });
const narrowed = plan(['refuses'], {
  words: [
    { word: 'refuses', suites: { auth: hit(['a > refuses', 'b > refuses']), chat: hit(['refuses']) }, near: null },
  ],
  past: { chat: { run: '20261120t190801z-abcd', verdict: 'NO-GO', red: 3, at: '2026-11-20T19:08:27.000Z' } },
});

test('what runs, in which order, how narrowed, and why; readable in 120 columns', () => {
  expect(planView(narrowed)).toMatchInlineSnapshot(`
    "environment  local, level observe
    pipeline     e2e, deploy auto
    services     auth
    control      3 repeats a side
    proof        at least 5 failing repeats on the base, at most 100 passes on the fix

    PHASE   SUITE   RUNS    SERVICE  PRIORITY  GATE        TESTS         HOW               FOCUS
    safety  events  1 of 1  auth     P3        phase 80 %  as last time  select collect
    rest    auth    2 of 2  auth     P3        90 %        only 2        select exclusive  login
    rest    chat    1 of 2  auth     P1        100 %       as last time
    rest    page    no      auth     P3        90 %        as last time  select split

    SUITE   WHY
    events  the phase safety always runs
    auth    2 tests of it match "refuses"
            order: it is new
            only: a > refuses
            only: b > refuses
    chat    1 test of it matches "refuses"; it runs whole, since it has no \`select:\`
            order: it failed last time, 3 red in run 20261120t190801z-abcd
    page    no word of the focus matches
    "
  `);
  const widths = planView(narrowed).split('\n').map(displayWidth);
  expect(Math.max(...widths)).toBeLessThanOrEqual(120);
});

test('what changed, and that it is not known', () => {
  const impact = {
    ...{
      from: { auth: 'a'.repeat(40), chat: 'b'.repeat(40) },
      to: 'c'.repeat(40),
      unknown: null,
      suites: {},
      more: 4,
      uncovered: 0,
    },
    paths: ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}.js`),
  };
  const line = (more: object) =>
    planView(plan(['changed'], { impact: { ...impact, ...more } }))
      .split('\n')
      .find((one) => one.startsWith('changed'));
  expect(line({})).toBe(
    'changed      10 paths between aaaaaaaaaaaa, bbbbbbbbbbbb, which serve, and HEAD cccccccccccc: a.js, b.js, c.js, d.js, e.js and 5 more',
  );
  expect(line({ uncovered: 2, more: 0, paths: ['a.js', 'b.js'] })).toMatch(
    /: a\.js, b\.js; no suite covers 2 of them$/,
  );
  expect(line({ unknown: 'HEAD could not be read: no answer' })).toBe(
    'changed      not known: HEAD could not be read: no answer',
  );
});

test('names of tests are shown, and never act; many are counted', () => {
  const hostile = ['\u001b[31mred\u001b[0m', 'two\nlines', 'bidi \u202e txt.exe', '\u0007bell', '`rm -rf`'];
  const many = Array.from({ length: 30 }, (_, n) => `z ${n}`);
  const view = planView(
    plan(['x'], { words: [{ word: 'x', suites: { auth: hit([...hostile, ...many]) }, near: null }] }),
  );
  expect(view.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(view).toContain('only: two ⏎ lines');
  expect(view).toContain('only: 25 more tests, all with --json');
});

test('as JSON it is the selection of the record, and its thresholds', () => {
  expect(planJson(narrowed)).toMatchObject({
    environment: 'local',
    selection: {
      focus: ['refuses'],
      partial: true,
      suites: [
        { name: 'events', selected: true, tests: null },
        { name: 'auth', selected: true, tests: ['a > refuses', 'b > refuses'], order: { place: 2 } },
        { name: 'chat', selected: true, tests: null, order: { place: 1 } },
        { name: 'page', selected: false, order: null },
      ],
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
    thresholdsSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});
