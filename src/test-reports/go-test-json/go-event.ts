import { parseLine } from '../json/json-line.ts';
import { asNumber, asText } from '../json/json-value.ts';

export interface GoEvent {
  readonly action: string;
  /** Empty where the event names none. */
  readonly package: string;
  readonly test: string | null;
  readonly output: string;
  readonly elapsedMs: number | undefined;
  readonly importPath: string;
  readonly failedBuild: string | null;
  readonly key: string;
  readonly value: string;
}

const actions = new Set(
  'start run pause cont pass bench fail output skip attr artifacts build-output build-fail'.split(' '),
);

/** Null for a line that is no event. */
export function goEventOf(line: string): GoEvent | null {
  if (!line.startsWith('{') || !line.includes('"Action"')) return null;
  const value = parseLine(line);
  const action = asText(value?.Action);
  if (value === null || action === undefined || !actions.has(action)) return null;
  const elapsed = asNumber(value.Elapsed);
  return {
    action,
    package: asText(value.Package) ?? '',
    test: asText(value.Test) || null,
    output: asText(value.Output) ?? '',
    elapsedMs: elapsed === undefined ? undefined : elapsed * 1000,
    importPath: asText(value.ImportPath) ?? '',
    failedBuild: asText(value.FailedBuild) ?? null,
    key: asText(value.Key) ?? '',
    value: asText(value.Value) ?? '',
  };
}
