import { testTraceId } from './test-trace.ts';

/**
 * How many of the passed tests left a request with a trace of their own (`core/test-trace.ts`); null where no test of the
 * attempt does, since then the suite's client just does not set it. Ids are `suite > class > name`: the name is what traces carry.
 */
export function testsSeen(
  attempt: { readonly traceparent?: string | undefined; readonly passed: readonly string[] },
  entries: readonly { readonly trace: string | null }[],
): { seen: number; of: number } | null {
  const { traceparent, passed } = attempt;
  if (traceparent === undefined || passed.length === 0) return null;
  const traces = new Set(entries.flatMap(({ trace }) => trace?.split('/').at(-1) ?? []));
  const seen = passed.filter((id) =>
    namesIn(id).some((name) => traces.has(testTraceId(traceparent, name) ?? '')),
  ).length;
  return seen === 0 ? null : { seen, of: passed.length };
}

/**
 * A name may hold the separator itself, so that every end of the id is tried, also as jest joins groups and name (by a space);
 * Playwright's JUnit joins them by ` › `, and node's escapes quotes twice. ` #2` tells equal names apart.
 */
function namesIn(id: string): string[] {
  const parts = id
    .replace(/ #\d+$/, '')
    .replaceAll('&quot;', '"')
    .split(/( [>›] )/);
  const ends = parts.flatMap((_part, index) => (index % 2 === 0 ? [parts.slice(index)] : []));
  return ends.flatMap((end) => [end.join(''), end.filter((_part, index) => index % 2 === 0).join(' ')]);
}
