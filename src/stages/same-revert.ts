import type { Cause, RunRecord } from '../core/record.ts';

/**
 * The proven fix of this run that takes back the very commit which the next fix of this cause would take back: a second pull request
 * would hold the same change. Null where there is none.
 */
export function sameRevert(
  cause: Pick<Cause, 'suspects'>,
  attempt: number,
  { fixes, published }: Pick<RunRecord, 'fixes' | 'published'>,
): { readonly commit: string; readonly pull: number } | null {
  const commit = cause.suspects[attempt - 1]?.commit;
  if (commit === undefined) return null;
  for (const fix of fixes) {
    if (fix.fixer !== 'revert-commit' || fix.proof?.holds !== true || !fix.because.includes(commit)) continue;
    const pull = published.find((one) => one.kind === 'pull' && one.key.startsWith(`cause/${fix.cause}/`));
    if (pull) return { commit, pull: pull.number };
  }
  return null;
}
