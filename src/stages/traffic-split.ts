import type { TrafficMove } from '../core/record.ts';

interface Share {
  readonly revision: string | null;
  readonly percent: number;
}

/** Percent by revision; tags without traffic and the kind of allocation left out. `latest` is a share that no revision has yet. */
export function splitOf(traffic: readonly Share[]): Map<string, number> {
  const split = new Map<string, number>();
  for (const { revision, percent } of traffic) {
    if (percent > 0) split.set(revision ?? 'latest', (split.get(revision ?? 'latest') ?? 0) + percent);
  }
  return split;
}

/** The split after a move of ours: its revision has what it was given, the others share the rest as they did before. */
export function afterMove(split: ReadonlyMap<string, number>, move: Pick<TrafficMove, 'to' | 'percent'>) {
  const others = [...split].filter(([revision]) => revision !== move.to);
  const before = others.reduce((sum, [, percent]) => sum + percent, 0);
  const left = 100 - move.percent;
  const shared = others.map(([revision, percent]) => ({ revision, percent: before ? (percent * left) / before : 0 }));
  return splitOf([{ revision: move.to, percent: move.percent }, ...shared]);
}

/** The platform gives whole percents only: shares that differ by a rounding are the same. */
export function isSameSplit(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean {
  const revisions = new Set([...one.keys(), ...other.keys()]);
  return [...revisions].every((revision) => Math.abs((one.get(revision) ?? 0) - (other.get(revision) ?? 0)) < 1);
}

export function splitWords(split: ReadonlyMap<string, number>): string {
  const shares = [...split].map(([revision, percent]) => `${revision} ${Math.round(percent)} %`);
  return shares.sort().join(', ') || 'nothing';
}
