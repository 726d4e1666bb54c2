import { z } from 'zod';
import type { SuiteSigns } from './evidence-rules/suite-signs.ts';
import { percent } from './judge-phase.ts';
import { passRatePermille } from './pass-rate.ts';
import type { Counts, SuiteResult } from './record.ts';

/** What a suite is for, beside its gate. Criteria gate nothing: one that is not met is said, and makes the verdict thin. */
export const Criterion = z.union(
  [
    /** Tests that must pass, by name or id. */
    z.strictObject({ tests: z.array(z.string().min(1)).min(1) }),
    /** The rate is not below the baseline's, less so many permille. */
    z.strictObject({ rate: z.literal('baseline'), lessPermille: z.int().min(0).max(1000).default(0) }),
    /** The largest value of a property that the tests write into their report. */
    z.strictObject({ measure: z.string().min(1), max: z.number() }),
  ],
  'expected tests: [NAME], or rate: baseline, or measure: NAME with max: NUMBER',
);
export type Criterion = z.infer<typeof Criterion>;

interface Facts {
  readonly counts: Counts;
  /** Ids of passed tests: `suite > class > name`. */
  readonly passed: readonly string[];
  readonly red: readonly { readonly id: string; readonly name: string }[];
  readonly signs?: SuiteSigns | undefined;
  readonly baseline: CriteriaBaseline;
}

/** The newest earlier run of this suite with this selection whose evidence held; null when there is none. */
export type CriteriaBaseline = { readonly run: string; readonly passRatePermille: number } | null;

type Judged = SuiteResult['criteria'][number];

export function judgeCriteria(criteria: readonly Criterion[], facts: Facts): Judged[] {
  return criteria.flatMap((criterion) => {
    if ('tests' in criterion) return criterion.tests.map((test) => named(test, facts));
    return 'rate' in criterion ? [againstBaseline(criterion.lessPermille, facts)] : [measured(criterion, facts)];
  });
}

/** A sentence for each that is not met or unproven: it makes the verdict thin. */
export function missedCriteria(criteria: readonly Judged[]): string[] {
  return criteria
    .filter(({ state }) => state !== 'met')
    .map(({ state, text }) => `criterion ${state === 'not-met' ? 'not met' : state}: ${text}`);
}

function named(test: string, { passed, red }: Facts): Judged {
  const isIt = (id: string) => id === test || id.endsWith(` > ${test}`);
  if (red.some(({ id, name }) => name === test || isIt(id)))
    return { text: `${test} must pass: it is red`, state: 'not-met' };
  if (passed.some(isIt)) return { text: `${test} must pass: it did`, state: 'met' };
  return { text: `${test} must pass: it did not run`, state: 'unproven' };
}

function againstBaseline(lessPermille: number, { counts, baseline }: Facts): Judged {
  const wanted = `the rate is not below the baseline's${lessPermille === 0 ? '' : ` less ${percent(lessPermille)}`}`;
  if (baseline === null) return { text: `${wanted}: there is no baseline`, state: 'unproven' };
  const rate = passRatePermille(counts.passed, counts.selected);
  const text = `${wanted}: ${percent(rate)} against ${percent(baseline.passRatePermille)} in ${baseline.run}`;
  return { text, state: rate >= baseline.passRatePermille - lessPermille ? 'met' : 'not-met' };
}

function measured({ measure, max }: { measure: string; max: number }, { signs }: Facts): Judged {
  const found = signs?.properties?.find((one) => one.name === measure);
  if (!found) return { text: `${measure} is at most ${max}: no test reports it`, state: 'unproven' };
  const text = `${measure} is at most ${max}: the largest of ${found.n} is ${found.largest}`;
  return { text, state: found.largest <= max ? 'met' : 'not-met' };
}
