export type MarkerName = 'never-awaited' | 'mock' | 'bypass';

/**
 * Words that runners and helpers print when a test did not do what it says. Narrow on purpose: an honest suite may test a
 * cache's bypass, and may have "mock" in a path.
 */
export const consoleMarkers: readonly { readonly marker: MarkerName; readonly pattern: RegExp }[] = [
  {
    marker: 'never-awaited',
    pattern: anyOf(
      /\bwas never awaited\b/,
      /RuntimeWarning: Enable tracemalloc/,
      /\basync def functions? (?:are|is) not natively supported\b/,
      /\bPromise returned by .{1,80} was not awaited\b/,
      /\basynchronous activity after the test ended\b/,
      /\bDid you forget to wait for something async\b/,
    ),
  },
  {
    marker: 'mock',
    pattern: unlessDenied(
      /\b(?:using|use of|fall(?:s|ing)? back (?:to|on)|fallback to|switch(?:ed|ing)? to)(?: an?| the)? mock(?:ed|s)?\b/,
      /\bmock (?:web ?socket|server|client|mode|fallback|response|connection)s?\b/,
      /\bskipping (?:the )?real\b/,
      /\b(?:run|runs|running|ran|enter(?:s|ed|ing)?|using|switch(?:ed|ing)? to) (?:in |into )?fallback mode\b/,
    ),
  },
  {
    marker: 'bypass',
    pattern: unlessDenied(
      /\b(?:jwt|auth|authentication|login|token|e2e|oauth)[ _-]bypass(?:ed|ing)?\b/,
      /\bbypass(?:ed|ing)? (?:the )?(?:jwt|auth\w*|login|token|e2e|oauth)\b/,
      /\bbypass (?:is )?(?:mode|enabled|active|on)\b/,
      /\b(?:using|with)(?: an?| the)? bypass\b/,
    ),
  },
];

/** "No mock server is started" and "AUTH_BYPASS=false" say the contrary. */
function unlessDenied(...patterns: readonly RegExp[]): RegExp {
  const before = /(?<!\b(?:no|not|never|without|instead of)(?: an?| any| the)? )/;
  const after =
    /(?!["']?\s*(?:[=:]|is|was|are)?\s*["']?(?:false|off|no|not|0|none|disabled|refused|rejected|denied)\b)/;
  return new RegExp(`${before.source}(?:${anyOf(...patterns).source})${after.source}`, 'i');
}

function anyOf(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'), 'i');
}
