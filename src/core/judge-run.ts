import { bootWords } from './boot-words.ts';
import { counted } from './count-words.ts';
import { sumCounts } from './counts.ts';
import { isReferenceHealthy, ownHealth } from './health-rows.ts';
import { passRatePermille } from './pass-rate.ts';
import { isRefusal } from './platform-refusals.ts';
import {
  type Counts,
  type Deployment,
  type Health,
  noCounts,
  type PhaseResult,
  type RunRecord,
  type VerdictOf,
} from './record.ts';
import type { Verdict } from './words.ts';

/** The code of a problem where evidence could not be stored: what it would have proven is unproven. */
export const unstorable = 'unstorable';
/** The code of a problem where a promotion could not be proven under traffic. */
export const unprovenTraffic = 'unproven-traffic';
/** Codes of problems that are verdicts about a candidate: bad with traffic now, or found so before. */
const badWithTraffic: readonly string[] = ['worse', 'found-bad'];

type Judged = Pick<RunRecord, 'selection' | 'deployments' | 'health' | 'phases' | 'foreignChanges' | 'problems'> & {
  run: Pick<RunRecord['run'], 'limitsHit' | 'head'>;
};

/**
 * The verdict of a run, by precedence BLOCKED → NO-GO → INVALID → GO, from the record alone; null while nothing is judged.
 * This one function serves the run, the worklog and `loop replay`.
 */
export function judgeRun(record: Judged): VerdictOf | null {
  const phases = record.phases.filter((phase) => phase.verdict !== null);
  const counts = believed(phases);
  const found =
    blocked(record) ?? voided(record) ?? noGo(record, phases) ?? invalid(record, phases) ?? go(record, phases);
  if (!found) return null;
  const deciding = phases.find((phase) => phase.verdict === found.value && found.value !== 'GO') ?? phases.at(-1);
  const suite = deciding?.suites.find((one) => one.verdict === found.value) ?? null;
  const of = deciding ?? null;
  const shown = of ? sumCounts(of.suites.map((one) => one.counts)) : noCounts;
  const total = found.value === 'GO' ? counts : shown;
  return {
    ...found,
    thinBecause: [...thinReasons(phases), ...notHead(record)],
    counts: total,
    passRatePermille: total.selected === 0 ? null : passRatePermille(total.passed, total.selected),
    of: of ? { phase: of.name, suite: suite?.name ?? null } : null,
  };
}

type Found = { value: Verdict; reason: string } | null;

/** Only what the platform itself refused is said of the platform. */
function whoRefused(refused: readonly Deployment[]): string {
  const byPlatform = refused.every((one) => ['permission', 'quota', 'unavailable'].includes(one.failure?.code ?? ''));
  return byPlatform ? 'the platform refused every deployment' : 'no deployment could be made';
}

function blocked(record: Judged): Found {
  const problem = record.problems.find((one) => one.blocks);
  if (problem) return { value: 'BLOCKED', reason: problem.message };
  const candidates = record.deployments.filter((one) => one.role === 'candidate');
  const refused = candidates.filter((one) => one.failure && isRefusal(one.failure.code));
  if (candidates.length > 0 && refused.length === candidates.length) {
    return { value: 'BLOCKED', reason: `${whoRefused(refused)}: ${refused[0]?.failure?.message}` };
  }
  const sick = record.health.filter((one) => !one.ok);
  // A dependency explains the services that need it, so that it is named first.
  const down = [...sick.filter((one) => one.dependency !== null), ...sick.filter((one) => one.dependency === null)];
  const bothSides = down.find((one) =>
    one.role === 'stable' ? !candidateCovers(record, one) : !isReferenceHealthy(record.health, one),
  );
  if (bothSides) return { value: 'BLOCKED', reason: downWords(bothSides, record) };
  const noneUp = candidates.length > 0 && candidates.every((one) => one.failure);
  const dead = candidates.find(
    (one) =>
      noneUp &&
      !changedNothing(one) &&
      !isReferenceHealthy(record.health, { ...one, dependency: null }) &&
      askedReference(record, one.service),
  );
  return dead
    ? { value: 'BLOCKED', reason: `${dead.service} is down on both revisions: ${dead.failure?.message}` }
    : null;
}

/** A stable revision that is down does not matter where a healthy candidate is what the suites use. */
function candidateCovers(record: Judged, health: Health): boolean {
  return record.health.some(
    (one) => one.service === health.service && one.dependency === health.dependency && one.role === 'candidate',
  );
}

function downWords({ dependency, service, because }: Health, { health }: Judged): string {
  if (dependency === null) return `${service} is down: ${because}`;
  if (dependency === service) return `${dependency} is down: ${because}`;
  const sides = health.filter((one) => one.dependency === dependency && !one.ok).map((one) => one.role);
  return `${dependency} is down, says ${service} (${sides.join(' and ')}): ${because}`;
}

function askedReference(record: Judged, service: string): boolean {
  return ownHealth(record.health, service, 'stable').length > 0;
}

function noGo(record: Judged, phases: readonly PhaseResult[]): Found {
  const dead = record.deployments.find(
    (one) => one.role === 'candidate' && one.failure && !isRefusal(one.failure.code) && !changedNothing(one),
  );
  if (dead) return { value: 'NO-GO', reason: notUp(dead) };
  const sides = record.health.filter((one) => one.role === 'candidate' && !one.ok);
  const sick = sides.find((one) => one.dependency !== null) ?? sides[0];
  if (sick) return { value: 'NO-GO', reason: sickCandidate(sick) };
  const worse = record.problems.find((one) => badWithTraffic.includes(one.code));
  if (worse) return { value: 'NO-GO', reason: worse.message };
  const lost = phases.find((phase) => phase.verdict === 'NO-GO');
  // Red without a control blames nobody yet: time that ran out before it leaves the run unproven.
  const uncontrolled = record.run.limitsHit.some((limit) => limit.includes('(in controlling)'));
  return lost && !uncontrolled ? { value: 'NO-GO', reason: lost.reason } : null;
}

function sickCandidate({ service, dependency, because }: Health): string {
  if (dependency === null) return `the candidate of ${service} is not healthy while stable is: ${because}`;
  return `the candidate of ${service} says that ${dependency} is down while stable says it is up: ${because}`;
}

/** A deployment that left no trace on the platform: it says nothing about the candidate, good or bad. */
function changedNothing({ failure }: Deployment): boolean {
  return failure?.code === 'no-change';
}

function notUp(deployment: Deployment): string {
  const { service, failure } = deployment;
  if (failure?.code === 'found-bad') return `no candidate of ${service} was deployed: ${failure.message}`;
  return `the candidate of ${service} did not come up: ${bootWords(failure?.boot ?? null) ?? failure?.message}`;
}

/** Law 11: results that somebody changed the ground under are no evidence, red ones neither. Rows of one look have one instant. */
function voided(record: Judged): Found {
  const changes = record.foreignChanges.filter((one) => one.voids);
  const again = changes.find((one) => one.at !== changes[0]?.at);
  return again
    ? { value: 'INVALID', reason: `someone else changed ${again.service} again during the run: ${again.what}` }
    : null;
}

function invalid(record: Judged, phases: readonly PhaseResult[]): Found {
  const unchanged = record.deployments.find((one) => one.role === 'candidate' && changedNothing(one));
  if (unchanged) return { value: 'INVALID', reason: `${unchanged.service}: ${unchanged.failure?.message}` };
  const unproven = phases.find((phase) => phase.verdict === 'INVALID' || phase.verdict === 'BLOCKED');
  if (unproven) return { value: 'INVALID', reason: unproven.reason };
  const unstored = record.problems.find((one) => one.code === unstorable || one.code === unprovenTraffic);
  if (unstored) return { value: 'INVALID', reason: unstored.message };
  const limit = record.run.limitsHit[0];
  if (limit) return { value: 'INVALID', reason: `not everything was run: ${limit}` };
  return isJudgedToItsEnd(record, phases) && believed(phases).passed === 0
    ? { value: 'INVALID', reason: 'nothing is proven: no test of a suite whose evidence holds passed' }
    : null;
}

/** Every phase of what was selected; one that ends before its last phase, cancelled or broken, has proven nothing yet. */
function isJudgedToItsEnd({ selection }: Judged, phases: readonly PhaseResult[]): boolean {
  const judged = new Set(phases.map((phase) => phase.name));
  return phases.length > 0 && !selection?.suites.some((suite) => suite.selected && !judged.has(suite.phase));
}

/** What a suite without evidence says is nobody's pass, also where it may be missing. */
function believed(phases: readonly PhaseResult[]): Counts {
  const suites = phases.flatMap((phase) => phase.suites);
  return sumCounts(suites.filter(({ verdict }) => verdict === 'GO' || verdict === 'NO-GO').map((one) => one.counts));
}

function go(record: Judged, phases: readonly PhaseResult[]): Found {
  const all = believed(phases);
  if (!isJudgedToItsEnd(record, phases)) return null;
  if (phases.some((phase) => phase.verdict !== 'GO') || all.passed === 0) return null;
  return {
    value: 'GO',
    reason: `every gate was met: ${all.passed} of ${all.selected} passed in ${counted(phases.length, 'phase')}`,
  };
}

/** A result about a revision that is not HEAD, or not known to be, says so whatever its verdict: nobody may read it as HEAD's. */
function notHead({ deployments, run }: Judged): string[] {
  const replaced = new Set(deployments.filter((one) => one.role === 'candidate').map((one) => one.service));
  const tested = deployments.filter((one) => one.role === 'candidate' || !replaced.has(one.service));
  return tested.flatMap((one) => (one.failure === null && one.revision !== null ? stamp(one, run.head) : []));
}

/** `auth: results are about revision auth-1, 2 commits behind HEAD 9b3e7c1d5a40`; nothing where it is HEAD as the config wants it. */
function stamp({ service, revision, commit, commitsBehind, drift }: Deployment, head: string | null): string[] {
  const about = `${service}: results are about revision ${revision}`;
  if (commit === null) return [`${about}, whose commit is unknown`];
  const of = `HEAD${head === null ? ', which is unknown' : ` ${head.slice(0, 12)}`}`;
  if (commit !== head)
    return [`${about}, ${commitsBehind ? `${counted(commitsBehind, 'commit')} behind` : 'which is not'} ${of}`];
  const settings = drift.map(({ setting }) => setting);
  return settings.length === 0
    ? []
    : [`${about}, which is HEAD with other settings than the config wants: ${settings.join(', ')}`];
}

function thinReasons(phases: readonly PhaseResult[]): string[] {
  const suites = phases.flatMap((phase) => phase.suites);
  return suites.flatMap((suite) => [
    ...suite.warnings.map((warning) => `${suite.name}: ${warning}`),
    ...suite.forgiven.map((test) => `${suite.name}: ${test} is flaky on both revisions, counted as passed by budget`),
    ...suite.excused
      .filter(({ outcome }) => outcome === 'red')
      .map(
        ({ as, test, owner, issue, until }) =>
          `${suite.name}: ${test} is red, ${excuseWords[as]} (${owner}, ${issue}, until ${until})`,
      ),
  ]);
}

const excuseWords = { quarantine: 'in quarantine', known: 'a known failure' } as const;
