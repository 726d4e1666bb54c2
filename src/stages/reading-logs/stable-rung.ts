import { counted } from '../../core/count-words.ts';
import type { RungFact } from '../../core/ladder.ts';
import type { Logs } from '../../core/record.ts';
import type { LogEntry } from '../../ports/logs.ts';

/** What a revision's own log tells of its boots. */
export interface OwnLog {
  readonly revision: string;
  readonly entries: number;
  readonly crashes: number;
  /** The platform's words about the first crash; null where there was none. */
  readonly firstCrash: { readonly at: string; readonly text: string } | null;
}

/** The platform's own words for an instance that ended by itself; one that was told to stop (0, or signal 15) did not crash. */
const crash =
  /^Container called exit\((?!0\))|^Container terminated on signal (?!15\b)|STARTUP\b.*\bprobe failed|memory limit of .* exceeded/i;

const auditLogs: ReadonlySet<string> = new Set(['activity', 'system_event', 'data_access', 'policy']);

/** `entries` oldest first. */
export function ownLogs(entries: readonly LogEntry[]): OwnLog[] {
  const logs = new Map<string, OwnLog>();
  for (const { revision, log, text, at } of entries) {
    // What was done to it, and what was asked of it, tells nothing of its boots.
    if (revision === null || log === 'requests' || auditLogs.has(log)) continue;
    const own = logs.get(revision) ?? { revision, entries: 0, crashes: 0, firstCrash: null };
    const crashed = log === 'varlog/system' && crash.test(text ?? '');
    logs.set(revision, {
      revision,
      entries: own.entries + 1,
      crashes: own.crashes + (crashed ? 1 : 0),
      firstCrash: own.firstCrash ?? (crashed ? { at, text: (text ?? '').split('\n')[0] ?? '' } : null),
    });
  }
  return [...logs.values()];
}

/** Long enough without a crash boot in its own log. A log that was not read, or not to its end, tells of no such time. */
export function stableRung(
  own: OwnLog | null,
  logs: Pick<Logs, 'unreadable' | 'truncated' | 'window' | 'evidence'>,
  wanted: { readonly bornMs: number | null; readonly stableForSeconds: number },
): RungFact {
  const is = (proven: boolean, because: string): RungFact => ({
    rung: 'STABLE',
    proven,
    because,
    evidence: logs.evidence,
  });
  if (logs.unreadable !== null) return is(false, `its log could not be read: ${logs.unreadable}`);
  if (own?.firstCrash)
    return is(
      false,
      `${counted(own.crashes, 'crash', 'crashes')} in its own log, the first at ${own.firstCrash.at}: ${own.firstCrash.text}`,
    );
  if (logs.truncated) return is(false, 'its log was cut at the limit: the rest was not seen');
  if (own === null) return is(false, 'its own log is empty: nothing tells of its boots');
  if (wanted.bornMs === null) return is(false, 'its age is unknown');
  const { from, to } = logs.window.requested;
  const watched = Math.floor((Date.parse(to) - Math.max(wanted.bornMs, Date.parse(from))) / 1000);
  const seen = `no crash in ${counted(own.entries, 'entry', 'entries')} of its own log in ${watched} s`;
  if (watched < wanted.stableForSeconds) return is(false, `${seen}, and ${wanted.stableForSeconds} s are wanted`);
  return is(true, `${seen}, wanted are ${wanted.stableForSeconds} s`);
}
