/** When a report says that its run began: JUnit, NUnit, TestNG, xUnit and TRX in attributes, JSON reports in a field. */
const places: readonly RegExp[] = [
  /<(?:testsuites?|assembl(?:y|ies)|test-run|test-suite|suite|TestRun|robot)\b[^>]*?\s(?:timestamp|start-time|started-at|generated)="([^"]{8,40})"/,
  /<Times\b[^>]*?\sstart="([^"]{8,40})"/,
  /"(?:startTime|start|created|started_at)"\s*:\s*(?:"([^"]{8,40})"|(\d{9,13}(?:\.\d+)?))/,
];

/**
 * The instant in milliseconds, from the beginning of a report's text; null where it names none. A time without a zone is read
 * as UTC: the files of one attempt come from one runner, and only their order is asked.
 */
export function begunAt(text: string): number | null {
  for (const place of places) {
    const [, written, number] = place.exec(text) ?? [];
    if (number !== undefined) return inMilliseconds(Number(number));
    if (written !== undefined) return instantOf(written.trim());
  }
  return null;
}

function instantOf(written: string): number | null {
  const zoned = /(?:Z|[+-]\d{2}:?\d{2}|\bGMT)$/i.test(written) ? written : `${written.replace(' ', 'T')}Z`;
  const at = Date.parse(zoned);
  return Number.isNaN(at) ? null : at;
}

/** Seconds until the year 33658, milliseconds since 1970-04-26. */
function inMilliseconds(number: number): number {
  return number < 1e10 ? number * 1000 : number;
}
