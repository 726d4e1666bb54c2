import type { SuiteConfig } from '../../config/pipeline.ts';
import { counted } from '../../core/count-words.ts';
import {
  lowerBoundOfFailureRate,
  lowerBoundWhenAllFail,
  passesNeeded,
  ruledOutAbovePermille,
} from '../../core/proof-size.ts';
import type { Cause } from '../../core/record.ts';
import type { StageRun } from '../../ports/stage.ts';
import { testsIn } from '../cause-tests.ts';
import { seenByServer } from '../seen-by-server.ts';
import { narrowingOf } from '../selected-tests.ts';
import { sideBySide } from '../side-by-side.ts';
import { runSuite, type SuiteAttempt } from '../suite-attempt.ts';
import { unsound, withPipelineRules } from '../unsound-attempt.ts';
import type { DeployedFix } from './fix-revisions.ts';
import type { ProvingParts } from './proving-parts.ts';

export interface Repeats {
  readonly base: readonly SuiteAttempt[];
  readonly fix: readonly SuiteAttempt[];
  readonly baseFailed: number;
  readonly fixPassed: number;
  readonly baseRevision: string;
  readonly fixRevision: string;
  readonly ruledOutAbovePermille: number | null;
  readonly seenEvidence: string | null;
  readonly holds: boolean;
  readonly because: string;
}

interface RepeatsRequest {
  readonly cause: Cause;
  readonly deployed: DeployedFix;
  readonly cwd: string;
}

/**
 * The cause's tests alone where the runner can be told, else with their whole suite; and with it too where the base is not red
 * alone, since a test may hang on the others.
 */
export async function repeats(request: RepeatsRequest, parts: ProvingParts, run: StageRun): Promise<Repeats> {
  const { cause } = request;
  const name = cause.suite ?? '';
  const suite = parts.pipeline.suites[name];
  const narrowed = suite ? narrowingOf(suite, testsIn(name, cause.tests)).tests : null;
  if (narrowed === null) return repeatsOf(request, null, parts, run);
  const alone = await repeatsOf(request, narrowed, parts, run);
  return alone.baseFailed > 0 ? alone : repeatsOf(request, null, parts, run);
}

/** m repeats on the base tell how often it fails at least; from that follows how many passes the fix needs. Both sides side by side. */
async function repeatsOf(
  { cause, deployed, cwd }: RepeatsRequest,
  narrowed: readonly string[] | null,
  parts: ProvingParts,
  run: StageRun,
): Promise<Repeats> {
  const name = cause.suite ?? '';
  const suite = parts.pipeline.suites[name];
  if (!suite) throw new Error(`the cause names suite ${name}, which the pipeline does not have`);
  const rules = withPipelineRules(suite, parts.pipeline);
  const tests = testsIn(name, cause.tests);
  const key = narrowed === null ? run.key : `${run.key}/alone`;
  const m = parts.pipeline.proof.repeats;
  const once = (side: 'base' | 'fix', n: number) => {
    const urls = side === 'base' ? deployed.baseUrls : deployed.fixUrls;
    return runSuite({ key: `${key}/${name}/${side}/${n}`, name, suite, urls, cwd, tests: narrowed }, parts, run);
  };
  const base: SuiteAttempt[] = [];
  const fix: SuiteAttempt[] = [];
  for (let n = 1; n <= m; n += 1) {
    run.progress(`${name}: proof ${n} of ${m} on base and fix`);
    const [before, after] = await sideBySide(
      suite,
      () => once('base', n),
      () => once('fix', n),
    );
    base.push(before);
    fix.push(after);
  }
  const baseFailed = base.filter((attempt) => fails(attempt, tests, rules)).length;
  const rate = baseFailed === m ? lowerBoundWhenAllFail(m) : lowerBoundOfFailureRate(baseFailed, m);
  const needed = passesNeeded(rate);
  const limit = parts.pipeline.proof.passesMax;
  for (
    let n = m + 1;
    needed !== null && n <= needed && needed <= limit && fix.every((attempt) => passes(attempt, tests, rules));
    n += 1
  ) {
    run.progress(`${name}: proof ${n} of ${needed} on the fix`);
    fix.push(await once('fix', n));
  }
  const fixPassed = fix.filter((attempt) => passes(attempt, tests, rules)).length;
  const baseRevision = candidateRevision(suite.service, run);
  const fixRevision = deployed.revisions[suite.service] ?? baseRevision;
  const unseen = await unseenAttempts(
    { key, base, fix, service: suite.service, evidence: suite.evidence, baseRevision, fixRevision },
    parts,
    run,
  );
  const because = reason({
    m,
    baseFailed,
    fix: fix.length,
    fixPassed,
    needed,
    limit,
    unseen: unseen.problem,
    narrowed,
  });
  return {
    base,
    fix,
    baseFailed,
    fixPassed,
    baseRevision,
    fixRevision,
    ruledOutAbovePermille: fixPassed === fix.length ? ruledOutAbovePermille(fixPassed) : null,
    seenEvidence: unseen.evidence,
    holds: because.holds,
    because: because.text,
  };
}

/** A repeat whose evidence does not hold (killed, or exit code, report and summary disagree) counts for neither side. */
function fails(attempt: SuiteAttempt, tests: readonly string[], suite: SuiteConfig): boolean {
  return unsound(attempt, suite) === null && tests.every((id) => attempt.red.some((test) => test.id === id));
}

function passes(attempt: SuiteAttempt, tests: readonly string[], suite: SuiteConfig): boolean {
  return unsound(attempt, suite) === null && tests.every((id) => attempt.passed.includes(id));
}

function reason(facts: {
  m: number;
  baseFailed: number;
  fix: number;
  fixPassed: number;
  needed: number | null;
  limit: number;
  unseen: string | null;
  narrowed: readonly string[] | null;
}) {
  const alone = facts.narrowed === null ? '' : `, ${counted(facts.narrowed.length, 'test')} alone`;
  const told = `red ${facts.baseFailed} of ${facts.m} times before, green ${facts.fixPassed} of ${facts.fix} times after${alone}`;
  if (facts.baseFailed === 0) return { holds: false, text: `${told}: the base never failed, so passes prove nothing` };
  if (facts.needed === null || facts.needed > facts.limit)
    return {
      holds: false,
      text: `${told}: ${facts.needed ?? 'too many'} passes would be needed, the limit is ${facts.limit}`,
    };
  if (facts.fixPassed < facts.fix || facts.fixPassed < facts.needed)
    return { holds: false, text: `${told}, ${facts.needed} passes in a row are needed` };
  if (facts.unseen) return { holds: false, text: `${told}, but ${facts.unseen}` };
  return { holds: true, text: `${told} (${facts.needed} needed)` };
}

async function unseenAttempts(
  sides: {
    key: string;
    base: readonly SuiteAttempt[];
    fix: readonly SuiteAttempt[];
    service: string;
    evidence: string;
    baseRevision: string;
    fixRevision: string;
  },
  parts: ProvingParts,
  run: StageRun,
): Promise<{ problem: string | null; evidence: string | null }> {
  if (sides.evidence !== 'server') return { problem: null, evidence: null };
  const expected = [
    ...sides.base.map((attempt) => ({ attempt, service: sides.service, revision: sides.baseRevision })),
    ...sides.fix.map((attempt) => ({ attempt, service: sides.service, revision: sides.fixRevision })),
  ];
  const answer = await seenByServer(`${sides.key}/seen`, expected, parts, run);
  const unseen = expected.filter((one) => (answer.seen[one.attempt.id]?.requests ?? 0) === 0).length;
  const problem =
    answer.problem ?? (unseen > 0 ? `${unseen} of ${expected.length} repeats were not seen by the server` : null);
  return { problem, evidence: answer.evidence };
}

function candidateRevision(service: string, run: StageRun): string {
  const of = (role: string) =>
    run.record.deployments.find((one) => one.service === service && one.role === role && one.failure === null)
      ?.revision;
  return of('candidate') ?? of('stable') ?? '';
}
