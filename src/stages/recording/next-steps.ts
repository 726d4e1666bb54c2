import type { RunRecord } from '../../core/record.ts';
import type { StageParts } from '../parts.ts';

type Steps = RunRecord['next'];

/** What is to be done now, and by whom; derived from what happened. */
export function nextSteps(record: RunRecord, parts: Pick<StageParts, 'options'>): Steps {
  return [...problems(record), ...pulls(record), ...issues(record), ...verdictSteps(record, parts)];
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
    because: 'loop has no proven fix for it',
  }));
}

function hasPull(issueKey: string, record: RunRecord): boolean {
  return record.published.some((one) => one.kind === 'pull' && one.key.startsWith(`${issueKey}/`));
}

function verdictSteps(record: RunRecord, parts: Pick<StageParts, 'options'>): Steps {
  const candidates = record.deployments.some((one) => one.role === 'candidate' && one.failure === null);
  const moved = record.trafficMoves.length > 0;
  if (record.verdict?.value === 'GO' && candidates && !moved && !parts.options.allSelected) {
    return [
      {
        what: 'run with --focus all to move traffic',
        who: 'person',
        because: 'a partial focus never moves traffic forward',
      },
    ];
  }
  if (record.verdict?.value === 'INVALID')
    return [{ what: 'mend the evidence, then run again', who: 'person', because: record.verdict.reason }];
  if (record.verdict?.value === 'BLOCKED')
    return [{ what: 'bring the environment up, then run again', who: 'person', because: record.verdict.reason }];
  if (record.verdict?.value === 'NO-GO' && record.published.length > 0) {
    return [
      {
        what: 'the next run judges the merged fix, moves traffic and closes the issue',
        who: 'loop',
        because: 'an issue is closed only on a passing revision that contains its fix',
      },
    ];
  }
  return [];
}
