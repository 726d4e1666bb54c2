import type { Cause, Fix, Suspect } from '../../core/record.ts';

/** The suspect that a fix takes back, by what its fixer said of the commit that it made; null where it did something else. */
export function revertedCommit(cause: Pick<Cause, 'suspects'>, fix: Pick<Fix, 'fixer' | 'because'>): Suspect | null {
  if (fix.fixer !== 'revert-commit') return null;
  return cause.suspects.find((one) => fix.because.includes(one.commit)) ?? null;
}
