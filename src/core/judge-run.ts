import { counted } from './count-words.ts';
import { sumCounts } from './counts.ts';
import { passRatePermille } from './pass-rate.ts';
import { isRefusal } from './platform-refusals.ts';
import { type Deployment, type Health, noCounts, type PhaseResult, type RunRecord, type VerdictOf } from './record.ts';
import type { Verdict } from './words.ts';

/** The code of a problem where evidence could not be stored: what it would have proven is unproven. */
export const unstorable = 'unstorable';

type Judged = Pick<RunRecord, 'selection' | 'deployments' | 'health' | 'phases' | 'foreignChanges' | 'problems'> & {
  run: Pick<RunRecord['run'], 'limitsHit' | 'head'>;
};

/**
 * The verdict of a run, by precedence BLOCKED → NO-GO → INVALID → GO, from the record alone; null while nothing is judged.
 * This one function serves the run, the worklog and `loop replay`.
 */
export function judgeRun(record: Judged): VerdictOf | null {
  const phases = record.phases.filter((phase) => phase.verdict !== null);
  const counts = sumCounts(phases.flatMap((phase) => phase.suites.map((suite) => suite.counts)));
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

function blocked(record: Judged): Found {
  const problem = record.problems.find((one) => one.blocks);
  if (problem) return { value: 'BLOCKED', reason: problem.message };
  const candidates = record.deployments.filter((one) => one.role === 'candidate');
  const refused = candidates.filter((one) => one.failure && isRefusal(one.failure.code));
  if (candidates.length > 0 && refused.length === candidates.length) {
    return { value: 'BLOCKED', reason: `the platform refused every deployment: ${refused[0]?.failure?.message}` };
  }
  const down = record.health.filter((one) => !one.ok);
  const bothSides = down.find((one) =>
    one.role === 'stable' ? !candidateCovers(record, one) : !referenceHealthy(record, one.service),
  );
  if (bothSides) return { value: 'BLOCKED', reason: `${bothSides.service} is down: ${bothSides.because}` };
  const noneUp = candidates.length > 0 && candidates.every((one) => one.failure);
  const dead = candidates.find(
    (one) => noneUp && !referenceHealthy(record, one.service) && askedReference(record, one.service),
  );
  return dead
    ? { value: 'BLOCKED', reason: `${dead.service} is down on both revisions: ${dead.failure?.message}` }
    : null;
}

/** A stable revision that is down does not matter where a healthy candidate is what the suites use. */
function candidateCovers(record: Judged, health: Health): boolean {
  return record.health.some((one) => one.service === health.service && one.role === 'candidate');
}

function referenceHealthy(record: Judged, service: string): boolean {
  const reference = record.health.filter((one) => one.service === service && one.role === 'stable');
  return reference.length > 0 && reference.every((one) => one.ok);
}

function askedReference(record: Judged, service: string): boolean {
  return record.health.some((one) => one.service === service && one.role === 'stable');
}

function noGo(record: Judged, phases: readonly PhaseResult[]): Found {
  const dead = record.deployments.find(
    (one) => one.role === 'candidate' && one.failure && !isRefusal(one.failure.code),
  );
  if (dead) return { value: 'NO-GO', reason: notUp(dead) };
  const sick = record.health.find((one) => one.role === 'candidate' && !one.ok);
  if (sick)
    return {
      value: 'NO-GO',
      reason: `the candidate of ${sick.service} is not healthy while stable is: ${sick.because}`,
    };
  const worse = record.problems.find((one) => one.code === 'worse');
  if (worse) return { value: 'NO-GO', reason: worse.message };
  const lost = phases.find((phase) => phase.verdict === 'NO-GO');
  // Red without a control blames nobody yet: time that ran out before it leaves the run unproven.
  const uncontrolled = record.run.limitsHit.some((limit) => limit.includes('(in controlling)'));
  return lost && !uncontrolled ? { value: 'NO-GO', reason: lost.reason } : null;
}

function notUp(deployment: Deployment): string {
  return `the candidate of ${deployment.service} did not come up: ${deployment.failure?.message}`;
}

/** Law 11: results that somebody changed the ground under are no evidence, red ones neither. Rows of one look have one instant. */
function voided(record: Judged): Found {
  const first = record.foreignChanges[0];
  const again = record.foreignChanges.find((one) => one.at !== first?.at);
  return again
    ? { value: 'INVALID', reason: `someone else changed ${again.service} again during the run: ${again.what}` }
    : null;
}

function invalid(record: Judged, phases: readonly PhaseResult[]): Found {
  const unproven = phases.find((phase) => phase.verdict === 'INVALID' || phase.verdict === 'BLOCKED');
  if (unproven) return { value: 'INVALID', reason: unproven.reason };
  const unstored = record.problems.find((one) => one.code === unstorable);
  if (unstored) return { value: 'INVALID', reason: unstored.message };
  const limit = record.run.limitsHit[0];
  return limit ? { value: 'INVALID', reason: `not everything was run: ${limit}` } : null;
}

/** A run that ends before its last phase, cancelled or broken, has proven nothing yet, whatever the phases before it said. */
function go(record: Judged, phases: readonly PhaseResult[]): Found {
  const all = sumCounts(phases.flatMap((phase) => phase.suites.map((suite) => suite.counts)));
  const judged = new Set(phases.map((phase) => phase.name));
  if (record.selection?.suites.some((suite) => suite.selected && !judged.has(suite.phase))) return null;
  if (phases.length === 0 || phases.some((phase) => phase.verdict !== 'GO') || all.passed === 0) return null;
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
  return suites.flatMap((suite) => suite.warnings.map((warning) => `${suite.name}: ${warning}`));
}
