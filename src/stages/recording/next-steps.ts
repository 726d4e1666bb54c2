import type { LoopOptions } from '../../core/loop-context.ts';
import type { RunRecord } from '../../core/record.ts';
import { allows } from '../../core/words.ts';
import { sameRevert } from '../same-revert.ts';

type Steps = RunRecord['next'];

interface Now extends Pick<LoopOptions, 'level' | 'allSelected'> {
  readonly cycle: number;
}

/** What is to be done now, and by whom; derived from what happened. */
export function nextSteps(whole: RunRecord, now: Now): Steps {
  // What an earlier cycle published may be merged and closed by now.
  const record = { ...whole, published: whole.published.filter((one) => one.cycle === now.cycle) };
  return unique([
    ...unprovenTraffic(record),
    ...problems(record),
    ...pulls(record),
    ...issues(record),
    ...verdictSteps(record, now),
  ]);
}

/** Two cycles may ask for the same; once is enough. */
function unique(steps: Steps): Steps {
  return [...new Map(steps.map((step) => [`${step.who} ${step.what}`, step])).values()];
}

/** A candidate that took traffic and is not GO, where no reference was there to go back to: a person must look first. */
function unprovenTraffic(record: RunRecord): Steps {
  if (record.verdict?.value === 'GO') return [];
  return record.deployments
    .filter((one) => one.role === 'candidate' && one.traffic.some((share) => share.percent > 0))
    .filter((one) => record.trafficMoves.findLast((move) => move.service === one.service)?.to === one.revision)
    .map((one) => ({
      what: `decide whether ${one.service} goes on serving ${one.revision}`,
      who: 'person' as const,
      because: `it took the traffic in this run and the verdict is ${record.verdict?.value ?? 'open'}`,
    }));
}

function problems(record: RunRecord): Steps {
  return record.problems.map((problem) => ({
    what: problem.hint ?? `look at: ${problem.message}`,
    who: 'person' as const,
    because: `${problem.stage}: ${problem.message}`,
  }));
}

function pulls(record: RunRecord): Steps {
  return record.published
    .filter((one) => one.kind === 'pull')
    .map((one) => ({
      what: `review and merge pull request #${one.number}`,
      who: 'person' as const,
      because: one.because,
    }));
}

function issues(record: RunRecord): Steps {
  const alone = record.published.filter((one) => one.kind === 'issue' && !hasPull(one.key, record));
  return alone.map((one) => ({
    what: `look at issue #${one.number}`,
    who: 'person' as const,
    because: whyAlone(one.key, record),
  }));
}

function whyAlone(key: string, record: RunRecord): string {
  if (hasProvenFix(key, record)) return 'its proven fix has no pull request';
  const cause = record.causes.find((one) => key === `cause/${one.fingerprint}`);
  const same = cause ? sameRevert(cause, 1, record) : null;
  return same
    ? `pull request #${same.pull} takes back its first suspect ${same.commit.slice(0, 12)} too; whether that mends it shows after the merge`
    : 'loop has no proven fix for it';
}

function hasProvenFix(issueKey: string, record: RunRecord): boolean {
  return record.fixes.some((fix) => issueKey === `cause/${fix.cause}` && fix.proof?.holds === true);
}

function hasPull(issueKey: string, record: RunRecord): boolean {
  return record.published.some((one) => one.kind === 'pull' && one.key.startsWith(`${issueKey}/`));
}

function verdictSteps(record: RunRecord, now: Now): Steps {
  const candidates = record.deployments.some((one) => one.role === 'candidate' && one.failure === null);
  const moved = record.trafficMoves.some((move) => move.why.startsWith('promoted'));
  const mayAct = allows(now.level, 'act');
  if (record.verdict?.value === 'GO' && candidates && !moved && mayAct && !now.allSelected) {
    return [
      {
        what: 'run with --focus all to move traffic',
        who: 'person',
        because: 'a partial focus never moves traffic forward',
      },
    ];
  }
  if (record.verdict?.value === 'INVALID' && record.run.limitsHit.length > 0)
    return [{ what: 'run again with more time', who: 'person', because: record.verdict.reason }];
  if (record.verdict?.value === 'INVALID')
    return [{ what: 'mend the evidence, then run again', who: 'person', because: record.verdict.reason }];
  const hinted = record.problems.some((problem) => problem.blocks && problem.hint !== null);
  if (record.verdict?.value === 'BLOCKED' && !hinted)
    return [{ what: 'bring the environment up, then run again', who: 'person', because: record.verdict.reason }];
  if (record.verdict?.value === 'NO-GO' && record.published.some((one) => one.kind === 'pull')) {
    return [
      {
        what: `the next run of everything judges the merged fix${mayAct ? ', moves traffic' : ''} and closes the issue`,
        who: 'loop',
        because: 'an issue is closed only on a passing revision that contains its fix',
      },
    ];
  }
  return [];
}
