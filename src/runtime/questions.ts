import type { LoopEvent } from '../core/loop-context.ts';
import type { RunRecord } from '../core/record.ts';
import type { Decision } from '../ports/run-store.ts';
import type { LoopSnapshot } from './machine-driver.ts';

/** The record once the machine asks a person: the question is written down with its time, once. A stage may have done so already. */
export function withQuestion(record: RunRecord, snapshot: LoopSnapshot, at: string): RunRecord {
  const what = snapshot.matches('awaitingApproval') ? snapshot.context.awaiting?.what : undefined;
  if (what === undefined || openQuestion(record)?.what === what) return record;
  return { ...record, approvals: [...record.approvals, { what, decision: 'asked', at }] };
}

/**
 * What a person, or the time that an approval may take, says to the open question; null while nobody has answered.
 * A word from before the question was asked is an answer to another one, and one that came too late is none; only a cancel always counts.
 */
export function answerTo(
  record: RunRecord,
  decisions: readonly Decision[],
  clock: { now: Date; approvalMsMax: number },
): { event: LoopEvent; decision: number | null } | null {
  const askedMs = Date.parse(openQuestion(record)?.at ?? record.run.startedAt);
  const word = decisions.find((one) => one.what === 'cancel' || Date.parse(one.at) >= askedMs);
  const inTime = word !== undefined && Date.parse(word.at) - askedMs <= clock.approvalMsMax;
  if (word && (inTime || word.what === 'cancel')) return { event: { type: word.what }, decision: word.id };
  const waitedMs = clock.now.getTime() - askedMs;
  return waitedMs > clock.approvalMsMax ? { event: { type: 'approvalExpired' }, decision: word?.id ?? null } : null;
}

/** The record with the answer; a cancel is no answer. */
export function withAnswer(record: RunRecord, event: LoopEvent, at: string): { record: RunRecord; said: string } {
  const what = openQuestion(record)?.what ?? 'run';
  const decision = decisionOf(event);
  if (decision === null) return { record, said: `${what}: ${event.type}` };
  return {
    record: { ...record, approvals: [...record.approvals, { what, decision, at }] },
    said: `${what}: ${decision}`,
  };
}

function openQuestion(record: RunRecord): RunRecord['approvals'][number] | null {
  const last = record.approvals.at(-1);
  return last?.decision === 'asked' ? last : null;
}

function decisionOf(event: LoopEvent): 'approved' | 'rejected' | 'expired' | null {
  if (event.type === 'approve') return 'approved';
  if (event.type === 'reject') return 'rejected';
  return event.type === 'approvalExpired' ? 'expired' : null;
}
