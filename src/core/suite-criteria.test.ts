import { expect, test } from 'vitest';
import { counts } from './judged-sample.ts';
import { Criterion, judgeCriteria } from './suite-criteria.ts';

const signs = { hosts: [], markers: [], warnings: null, timed: 0, instant: 0, skipReasons: [] };
const facts = {
  counts: counts('7/8'),
  passed: ['chat > login works'],
  red: [{ id: 'chat > it streams', name: 'it streams' }],
  signs: { ...signs, properties: [{ name: 'ttfb', largest: 180, n: 6 }] },
  baseline: { run: '20260101t000000z-aaaa', passRatePermille: 900 },
};

test.each<[object, string, object]>([
  [{ tests: ['login works'] }, 'met: login works must pass: it did', {}],
  [{ tests: ['it streams'] }, 'not-met: it streams must pass: it is red', {}],
  [{ tests: ['gone'] }, 'unproven: gone must pass: it did not run', {}],
  [{ measure: 'ttfb', max: 200 }, 'met: ttfb is at most 200: the largest of 6 is 180', {}],
  [{ measure: 'ttfb', max: 100 }, 'not-met: ttfb is at most 100: the largest of 6 is 180', {}],
  [{ measure: 'fps', max: 100 }, 'unproven: fps is at most 100: no test reports it', {}],
  [
    { rate: 'baseline' },
    "not-met: the rate is not below the baseline's: 87.5 % against 90 % in 20260101t000000z-aaaa",
    {},
  ],
  [
    { rate: 'baseline', lessPermille: 25 },
    "met: the rate is not below the baseline's less 2.5 %: 87.5 % against 90 % in 20260101t000000z-aaaa",
    {},
  ],
  [{ rate: 'baseline' }, "unproven: the rate is not below the baseline's: there is no baseline", { baseline: null }],
])('%j is %s', (criterion, said, changed) => {
  const judged = judgeCriteria([Criterion.parse(criterion)], { ...facts, ...changed });
  expect(judged.map(({ state, text }) => `${state}: ${text}`)).toEqual([said]);
});
