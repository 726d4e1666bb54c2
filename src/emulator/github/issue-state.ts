import type { IssueRecord, StateReason } from './records.ts';

/** Opens or closes an issue or pull request in place, as GitHub does: the reason belongs to issues only. */
export function setIssueState(
  issue: IssueRecord,
  state: IssueRecord['state'],
  reason: StateReason | null,
  now: string,
): void {
  const isIssue = issue.pull === null;
  if (issue.state === state) {
    if (isIssue && reason !== null) issue.stateReason = reason;
    return;
  }
  issue.state = state;
  issue.closedAt = state === 'closed' ? now : null;
  const reasonDefault = state === 'closed' ? 'completed' : 'reopened';
  issue.stateReason = isIssue ? (reason ?? reasonDefault) : null;
  issue.updatedAt = now;
}
