import { type Answer, validationFailed } from './answer.ts';
import { readRef } from './git-refs.ts';
import { type IssueRecord, isPull, type PullIssue, type RepositoryRecord } from './records.ts';
import type { Repository } from './repository.ts';

/** Why a closed pull request cannot be opened again, in GitHub's words; null when it can, and for issues. */
export async function refuseReopening(repository: Repository, issue: IssueRecord): Promise<Answer | null> {
  if (!isPull(issue) || issue.state === 'open') return null;
  const { head, base, mergedAt } = issue.pull;
  if (mergedAt !== null) return refusal('The pull request cannot be reopened.');
  for (const { ref } of [head, base]) {
    const branch = await readRef(repository.git, `refs/heads/${ref}`);
    if (branch === null) return refusal(`The ${ref} branch has been deleted.`);
  }
  const { owner } = repository.record();
  if (openPullBetween(repository.record(), head.ref, base.ref) === undefined) return null;
  return refusal(`There is already an open pull request from ${owner}:${head.ref} to ${owner}:${base.ref}.`);
}

export function openPullBetween(record: RepositoryRecord, head: string, base: string): PullIssue | undefined {
  return record.issues
    .filter(isPull)
    .find(({ state, pull }) => state === 'open' && pull.head.ref === head && pull.base.ref === base);
}

function refusal(because: string): Answer {
  const message = `state cannot be changed. ${because}`;
  return validationFailed({ resource: 'PullRequest', code: 'invalid', field: 'state', message });
}
