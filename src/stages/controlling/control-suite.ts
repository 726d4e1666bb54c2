import type { SuiteConfig } from '../../config/pipeline.ts';
import { type FlakyBudget, flakyOn, neverPassed } from '../../core/flaky-budget.ts';
import type { Control, RedTest, SuiteResult } from '../../core/record.ts';
import type { ControlMeaning } from '../../core/words.ts';
import type { StageRun } from '../../ports/stage.ts';
import { type SeenAnswer, seenByServer } from '../seen-by-server.ts';
import { mixedTargets, type serviceTargets } from '../service-targets.ts';
import { runSuite, type SuiteAttempt } from '../suite-attempt.ts';
import type { SuiteParts } from '../suite-parts.ts';
import { unsound } from '../unsound-attempt.ts';

export interface Reference {
  readonly revision: string;
  readonly url: string;
}

interface Sides {
  readonly candidate: SuiteAttempt[];
  readonly reference: SuiteAttempt[];
}

/** So often a side runs before a test is called flaky on the candidate alone. */
const flakyRepeats = 10;

/**
 * The red tests of one suite again, k times a side, side by side; a repeat that the server did not see says nothing. Where a test
 * is mixed on the candidate alone, few repeats blame too fast: the suite goes on to ten a side.
 */
export async function controlSuite(
  suite: SuiteResult,
  red: readonly RedTest[],
  at: {
    candidate: string | null;
    reference: Reference | null;
    targets: ReturnType<typeof serviceTargets>;
    cwd: string;
  },
  parts: SuiteParts,
  run: StageRun,
): Promise<Control[]> {
  const { candidate, reference } = at;
  if (!candidate || !reference) return red.map((test) => impossible(suite, test, candidate, reference));
  const config = parts.pipeline.suites[suite.name];
  if (!config) throw new Error(`the record names suite ${suite.name}, which the pipeline does not have`);
  const sides: Sides = { candidate: [], reference: [] };
  const { repeats } = parts.pipeline.control;
  const read = async () => {
    const revisions = { candidate, reference: reference.revision };
    const seen = await seenSides(suite, sides, revisions, parts, run);
    return red.map((test) => controlOf(suite, test, sides, { ...revisions, suite: config, seen }));
  };
  await repeat(suite, config, { ...at, reference, until: repeats }, sides, parts, run);
  const first = await read();
  const more = repeats < flakyRepeats && first.some((one) => isOpen(one, first, parts.pipeline.flakyBudget));
  if (more) await repeat(suite, config, { ...at, reference, until: flakyRepeats }, sides, parts, run);
  return withHistory(more ? await read() : first, run);
}

/**
 * Whether more repeats could tell more: the test is mixed on the candidate alone. Where only its first attempt was red, ten repeats
 * are worth their time while the budget could still save the gate; forty tests that a short outage made red are not flaky.
 */
function isOpen(one: Control, all: readonly Control[], budget: FlakyBudget): boolean {
  if (flakyOn(one) !== 'candidate') return false;
  const greenAgain = all.filter(({ means }) => means === 'not-reproduced').length;
  return one.means === 'flaky' || greenAgain <= budget.tests;
}

/** A test that no attempt and no earlier run saw pass is broken, whatever else the table says. */
async function withHistory(control: readonly Control[], run: StageRun): Promise<Control[]> {
  const told: Control[] = [];
  for (const one of control) {
    const broken =
      one.means !== 'impossible' && neverPassed(one) && !(await run.memory.history.everPassed(one.suite, one.test));
    const note = broken ? 'never passed, in no attempt and in no earlier run: broken, not flaky' : flakyNote(one);
    told.push({ ...one, note });
  }
  return told;
}

function flakyNote(one: Control): string | null {
  if (one.means === 'impossible') return null;
  switch (flakyOn(one)) {
    case 'both':
      return 'flaky on both revisions, first attempts counted';
    case 'candidate':
      return `flaky on the candidate alone after ${one.candidate?.runs.length} repeats a side`;
    case 'reference':
    case null:
      return null;
  }
}

/** Runs the suite on both sides at once, until each side has so many repeats. */
async function repeat(
  suite: SuiteResult,
  config: SuiteConfig,
  at: { reference: Reference; targets: ReturnType<typeof serviceTargets>; cwd: string; until: number },
  sides: Sides,
  parts: SuiteParts,
  run: StageRun,
): Promise<void> {
  const candidateUrls = mixedTargets(at.targets, 'candidate').urls;
  const referenceUrls = { ...mixedTargets(at.targets, 'stable').urls, [suite.service]: at.reference.url };
  for (let n = sides.candidate.length + 1; n <= at.until; n += 1) {
    run.progress(`${suite.name}: control ${n} of ${at.until} on candidate and reference`);
    const key = `${run.key}/${suite.name}`;
    const base = { name: suite.name, suite: config, cwd: at.cwd };
    const [candidate, reference] = await Promise.all([
      runSuite({ ...base, key: `${key}/candidate/${n}`, urls: candidateUrls }, parts, run),
      runSuite({ ...base, key: `${key}/reference/${n}`, urls: referenceUrls }, parts, run),
    ]);
    sides.candidate.push(candidate);
    sides.reference.push(reference);
  }
}

/** Null where the suite does not ask for the server's word. */
async function seenSides(
  suite: SuiteResult,
  sides: Sides,
  revisions: { candidate: string; reference: string },
  parts: SuiteParts,
  run: StageRun,
): Promise<SeenAnswer | null> {
  if (parts.pipeline.suites[suite.name]?.evidence !== 'server') return null;
  const of = (side: 'candidate' | 'reference') =>
    sides[side].map((attempt) => ({ attempt, service: suite.service, revision: revisions[side] }));
  const key = `${run.key}/${suite.name}/seen/${sides.candidate.length}`;
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
    evidence: [
      ...new Set(attempts.flatMap((attempt) => [...attempt.evidence.slice(0, 1), ...attempt.evidence.slice(-1)])),
      ...[facts.seen?.evidence ?? []].flat(),
    ],
  };
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

function impossible(suite: SuiteResult, test: RedTest, candidate: string | null, reference: Reference | null): Control {
  return {
    suite: suite.name,
    test: test.id,
    first: test.attempts,
    candidate: candidate ? { revision: candidate, runs: '' } : null,
    reference: reference ? { revision: reference.revision, runs: '' } : null,
    means: 'impossible',
    note: null,
    evidence: [],
  };
}
