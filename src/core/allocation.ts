import type { TrafficShare } from './record.ts';

type Shares = readonly Pick<TrafficShare, 'revision' | 'percent' | 'tag' | 'latest'>[];

/**
 * What differs between the allocation that was asked for and the one that was read back; null when nothing does. LATEST is
 * compared as LATEST, whatever revision that is; shares of one target add up, and every tag has to point where it was asked to.
 */
export function allocationDiffers(asked: Shares, served: Shares): string | null {
  const [wanted, there] = [allocationWords(asked), allocationWords(served)];
  return wanted === there ? null : `asked for was ${wanted}, served is ${there}`;
}

/** `LATEST 100 %, tag next on app-2`, in an order that depends on nothing but the content. */
function allocationWords(shares: Shares): string {
  const percent = new Map<string, number>();
  for (const one of shares)
    if (one.percent > 0) percent.set(targetOf(one), (percent.get(targetOf(one)) ?? 0) + one.percent);
  const parts = [...percent].map(([target, share]) => `${target} ${share} %`).sort();
  const tags = shares.flatMap((one) => (one.tag === null ? [] : [`tag ${one.tag} on ${targetOf(one)}`])).sort();
  return [...parts, ...tags].join(', ') || 'nothing';
}

function targetOf({ revision, latest }: Pick<TrafficShare, 'revision' | 'latest'>): string {
  return latest ? 'LATEST' : (revision ?? 'unknown');
}
