import type { SuiteConfig } from '../../config/pipeline.ts';
import { type FlakyBudget, flakyOn } from '../../core/flaky-budget.ts';
import type { Control, RedTest, SuiteResult } from '../../core/record.ts';
import type { ControlMeaning } from '../../core/words.ts';
import type { StageRun } from '../../ports/stage.ts';
import { type SeenAnswer, seenByServer } from '../seen-by-server.ts';
import { mixedTargets, type serviceTargets } from '../service-targets.ts';
import { sideBySide } from '../side-by-side.ts';
import { runSuite, type SuiteAttempt } from '../suite-attempt.ts';
import type { SuiteParts } from '../suite-parts.ts';
import { unsound, withPipelineRules } from '../unsound-attempt.ts';

export interface Reference {
  readonly revision: string;
  readonly url: string;
}

/** A suite whose red tests are controlled, and where. `tests` are those that run; null where the whole suite does. */
export interface ControlPlace {
  readonly suite: SuiteResult;
  readonly config: SuiteConfig;
  readonly candidate: string;
  readonly reference: Reference;
  readonly targets: ReturnType<typeof serviceTargets>;
  readonly cwd: string;
  readonly tests: readonly string[] | null;
}

interface Sides {
  readonly candidate: SuiteAttempt[];
  readonly reference: SuiteAttempt[];
}

/** So often a side runs before a test is called flaky on the candidate alone. */
const flakyRepeats = 10;

/**
 * Red tests k times a side, side by side; a repeat that the server did not see says nothing. Where a test is mixed on the candidate
 * alone, few repeats blame too fast: the suite goes on to ten a side.
 */
export async function controlRound(
  place: ControlPlace,
  red: readonly RedTest[],
  parts: SuiteParts,
  run: StageRun,
): Promise<Control[]> {
  const sides: Sides = { candidate: [], reference: [] };
  const { repeats } = parts.pipeline.control;
  const revisions = { candidate: place.candidate, reference: place.reference.revision };
  const read = async () => {
    const seen = await seenSides(place, sides, revisions, parts, run);
    const suite = withPipelineRules(place.config, parts.pipeline);
    return red.map((test) => controlOf(place.suite, test, sides, { ...revisions, suite, seen }));
  };
  await repeat(place, repeats, sides, parts, run);
  const first = await read();
  const more = repeats < flakyRepeats && first.some((one) => isOpen(one, first, place, parts.pipeline.flakyBudget));
  if (!more) return first;
  await repeat(place, flakyRepeats, sides, parts, run);
  return read();
}

function keyOf({ suite, tests }: ControlPlace, run: StageRun): string {
  return `${run.key}/${suite.name}${tests === null ? '' : '/alone'}`;
}

/**
 * Whether more repeats could tell more: the test is mixed on the candidate alone. Where only its first attempt was red, ten repeats
 * are worth their time while the budget could still save the gate; forty tests that a short outage made red are not flaky. Alone
 * they would be spent too early: what is green alone is repeated with its suite.
 */
function isOpen(one: Control, all: readonly Control[], { tests }: ControlPlace, budget: FlakyBudget): boolean {
  if (flakyOn(one) !== 'candidate') return false;
  const greenAgain = all.filter(({ means }) => means === 'not-reproduced').length;
  return one.means === 'flaky' || (tests === null && greenAgain <= budget.tests);
}

/** Runs the suite on both sides, until each side has so many repeats. */
async function repeat(
  place: ControlPlace,
  until: number,
  sides: Sides,
  parts: SuiteParts,
  run: StageRun,
): Promise<void> {
  const { suite, config, tests, cwd, ...at } = place;
  const candidateUrls = mixedTargets(at.targets, 'candidate').urls;
  const referenceUrls = { ...mixedTargets(at.targets, 'stable').urls, [suite.service]: at.reference.url };
  for (let n = sides.candidate.length + 1; n <= until; n += 1) {
    run.progress(`${suite.name}: control ${n} of ${until} on candidate and reference`);
    const key = keyOf(place, run);
    const base = { name: suite.name, suite: config, cwd, tests };
    const [candidate, reference] = await sideBySide(
      config,
      () => runSuite({ ...base, key: `${key}/candidate/${n}`, urls: candidateUrls }, parts, run),
      () => runSuite({ ...base, key: `${key}/reference/${n}`, urls: referenceUrls }, parts, run),
    );
    sides.candidate.push(candidate);
    sides.reference.push(reference);
  }
}

/** Null where the suite does not ask for the server's word. */
async function seenSides(
  place: ControlPlace,
  sides: Sides,
  revisions: { candidate: string; reference: string },
  parts: SuiteParts,
  run: StageRun,
): Promise<SeenAnswer | null> {
  const { suite, config } = place;
  if (config.evidence !== 'server') return null;
  const of = (side: 'candidate' | 'reference') =>
    sides[side].map((attempt) => ({ attempt, service: suite.service, revision: revisions[side] }));
  const key = `${keyOf(place, run)}/seen/${sides.candidate.length}`;
  return seenByServer(key, [...of('candidate'), ...of('reference')], parts, run);
}

function controlOf(
  suite: SuiteResult,
  test: RedTest,
  sides: Sides,
  facts: { candidate: string; reference: string; suite: SuiteConfig; seen: SeenAnswer | null },
): Control {
  const runs = (side: 'candidate' | 'reference') =>
    sides[side].map((attempt) => (isSound(attempt, facts) ? outcomeOf(attempt, test.id) : '-')).join('');
  const [candidate, reference] = [runs('candidate'), runs('reference')];
  const attempts = [...sides.candidate, ...sides.reference];
  return {
    suite: suite.name,
    test: test.id,
    first: test.attempts,
    candidate: { revision: facts.candidate, runs: candidate },
    reference: { revision: facts.reference, runs: reference },
    means: meaningOf(candidate, reference),
    note: null,
    // Of each repeat its facts and its report, the candidate's first, and what the server saw of all of them.
    evidence: [...new Set(attempts.flatMap(citedOf)), ...[facts.seen?.evidence ?? []].flat()],
  };
}

/** Its facts and its report; of a split suite, with many, the console of all pieces. */
function citedOf({ evidence, split }: SuiteAttempt): string[] {
  return split ? evidence.slice(0, 2) : [...evidence.slice(0, 1), ...evidence.slice(-1)];
}

/** A repeat whose evidence does not hold, or that the server did not see, says nothing. */
function isSound(attempt: SuiteAttempt, facts: { suite: SuiteConfig; seen: SeenAnswer | null }): boolean {
  if (facts.seen !== null && (facts.seen.seen[attempt.id]?.requests ?? 0) === 0) return false;
  return unsound(attempt, facts.suite) === null;
}

/** `F`, `P`, or `-` where the test is not in the repeat's report. */
function outcomeOf(attempt: SuiteAttempt, id: string): string {
  if (attempt.red.some((test) => test.id === id)) return 'F';
  return attempt.passed.includes(id) ? 'P' : '-';
}

/** Law 8: red/green = this revision, red/red = environment or older, green/green = not reproduced, mixed = flaky. */
export function meaningOf(candidate: string, reference: string): ControlMeaning {
  const all = (runs: string, letter: string) => [...runs].every((one) => one === letter);
  if (candidate === '' || reference === '' || `${candidate}${reference}`.includes('-')) return 'impossible';
  if (all(candidate, 'F') && all(reference, 'P')) return 'revision';
  if (all(candidate, 'F') && all(reference, 'F')) return 'environment-or-older';
  if (all(candidate, 'P') && all(reference, 'P')) return 'not-reproduced';
  return 'flaky';
}
