import type { LogEntry } from '../ports/logs.ts';
import type { Boots } from './log-boots.ts';
import type { LogGroup } from './log-groups.ts';
import { instantKey } from './log-order.ts';
import { isErrorLevel } from './log-signature.ts';

/**
 * Of each crashed boot the fingerprint of the cluster that it began to fail with: its first exception, else its first
 * error. One broken import shows as a traceback, a wrapper, a worker that exits and a container that exits: one fault.
 */
export function rootsOfCrashes(groups: readonly LogGroup[], boots: Boots): Map<string, string> {
  const firsts = new Map<string, { rank: string; fingerprint: string }>();
  for (const group of groups.filter(({ signature }) => isErrorLevel(signature.level))) {
    for (const entry of group.entries) {
      const boot = boots.bootOf(entry);
      if (boot === null || !boots.crashed(boot)) continue;
      const rank = `${group.signature.exception === null ? 1 : 0} ${rankOf(entry)}`;
      const first = firsts.get(boot);
      if (first === undefined || rank < first.rank) firsts.set(boot, { rank, fingerprint: group.fingerprint });
    }
  }
  return new Map([...firsts].map(([boot, { fingerprint }]) => [boot, fingerprint]));
}

/** The root that most crashed boots of a cluster share; null where that is the cluster itself, or there is none. */
export function rootOf(group: LogGroup, boots: Boots, roots: ReadonlyMap<string, string>): string | null {
  if (!isErrorLevel(group.signature.level)) return null;
  const votes = new Map<string, number>();
  for (const boot of new Set(group.entries.map((entry) => boots.bootOf(entry)))) {
    const root = boot === null ? undefined : roots.get(boot);
    if (root !== undefined) votes.set(root, (votes.get(root) ?? 0) + 1);
  }
  const [most] = [...votes].sort(([a, votesA], [b, votesB]) => votesB - votesA || (a < b ? -1 : 1));
  return most === undefined || most[0] === group.fingerprint ? null : most[0];
}

function rankOf(entry: LogEntry): string {
  return `${instantKey(entry.at)} ${entry.insertId}`;
}
