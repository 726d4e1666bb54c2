const reasonsMax = 4;

/** The weightiest reasons against a suspect, as they come; all of them are in run.json. */
export function reasonsShown(reasons: readonly string[]): string[] {
  const more = reasons.length - reasonsMax;
  return more < 2 ? [...reasons] : [...reasons.slice(0, reasonsMax), `and ${more} more reasons`];
}

/** A claim that only says again that nothing is known; the word `unknown` is enough then. */
export function notKnown(claim: string): boolean {
  return /^(not known|unknown)?\.?$/i.test(claim.trim());
}
