import type { LogEntry } from '../ports/logs.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type LogSignature, signatureOf } from './log-signature.ts';

/** Entries of one service that say the same, oldest first. */
export interface LogGroup {
  /** Of service, severity, exception class and template; not of the revision, since a fault outlives it. */
  readonly fingerprint: string;
  readonly signature: LogSignature;
  readonly service: string;
  readonly entries: [LogEntry, ...LogEntry[]];
}

export function groupBySignature(entries: readonly LogEntry[]): LogGroup[] {
  const groups = new Map<string, LogGroup>();
  for (const entry of entries) {
    const signature = signatureOf(entry);
    if (signature === null) continue;
    const service = entry.service ?? 'unknown';
    const key = JSON.stringify([service, signature.level, signature.exception, signature.template]);
    const group = groups.get(key);
    if (group) group.entries.push(entry);
    else groups.set(key, { fingerprint: fingerprint(service, signature), signature, service, entries: [entry] });
  }
  return [...groups.values()];
}

function fingerprint(service: string, { level, exception, template }: LogSignature): string {
  return fingerprintOf([service, level, exception ?? '', template]);
}
