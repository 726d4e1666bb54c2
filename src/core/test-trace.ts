import { sha256 } from './canonical-json.ts';

/**
 * The trace id of one test's requests, 32 hex digits: the first 16 of the attempt's own (the run's), then the first 16 of SHA-256
 * over `<last 16 of the attempt's>/<test name>`. A suite whose client sets it can be joined with the log test by test.
 */
export function testTraceId(traceparent: string, testName: string): string | null {
  const [, run, attempt] = /^00-([0-9a-f]{16})([0-9a-f]{16})-/.exec(traceparent) ?? [];
  if (run === undefined || attempt === undefined) return null;
  return `${run}${sha256(`${attempt}/${testName}`).slice(0, 16)}`;
}
