import type { StageName } from '../../core/loop-context.ts';
import type { RunRecord } from '../../core/record.ts';
import { reached } from '../facts/run-status.ts';
import type { Cite } from './citations.ts';

/** The text of one section of the worklog, without its title; computed from the record alone. */
export type Section = (record: RunRecord, cite: Cite) => string;

/** What a section says when it has nothing: why, when its stage was there, else that the run did not come so far. */
export function nothing(record: RunRecord, stage: StageName, because: string): string {
  const running = record.run.state === 'running';
  if (running && record.run.stage === stage) return 'Running now.';
  if (reached(record, stage)) return because;
  return running ? 'Not reached yet.' : 'Not reached.';
}

export function blocks(...texts: readonly (string | null | false)[]): string {
  return texts.filter((text) => typeof text === 'string' && text !== '').join('\n\n');
}

export function bullets(...lines: readonly (string | null | false)[]): string {
  return lines
    .filter((line) => typeof line === 'string' && line !== '')
    .map((line) => `- ${line}`)
    .join('\n');
}

/** A sentence and what proves it. */
export function cited(text: string, evidence: string): string {
  return evidence === '' ? text : `${text} ${evidence}`;
}
