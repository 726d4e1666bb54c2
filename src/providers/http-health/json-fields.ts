import { isDeepStrictEqual } from 'node:util';

const shownCharsMax = 80;
const comparedShownMax = 5;

/** The JSON of a text; undefined when it is none. However deep or odd it is, it is only data. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The value at `redis.connected` or `nodes.0.up`; a name that holds the dots itself comes first. Only what the body itself
 * holds counts, nothing inherited. Undefined when it is not there.
 */
export function valueAt(json: unknown, path: string): unknown {
  if (ownField(json, path) !== undefined) return ownField(json, path);
  let value = json;
  for (const name of path.split('.')) value = ownField(value, name);
  return value;
}

function ownField(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

/** The first field that is not as asked for; null when all are. */
export function fieldsProblem(wanted: Readonly<Record<string, unknown>>, json: unknown, where: string): string | null {
  for (const [path, value] of Object.entries(wanted)) {
    const seen = valueAt(json, path);
    if (seen === undefined) return `expected the field ${path} in ${where}`;
    if (!same(seen, value)) return `expected ${path} to be ${shown(value)}, it is ${shown(seen)}`;
  }
  return null;
}

/** What was found where the fields were asked for: `status is "ok"`. */
export function fieldsSeen(wanted: Readonly<Record<string, unknown>>, json: unknown): string[] {
  return Object.keys(wanted).map((path) => `${path} is ${shown(valueAt(json, path))}`);
}

/** `a is 1, b is 2`; of many the first, and how many there are more. */
export function listed(facts: readonly string[]): string {
  const more = facts.length - comparedShownMax;
  return [...facts.slice(0, comparedShownMax), ...(more > 0 ? [`and ${more} more as asked`] : [])].join(', ');
}

/** A body can be nested more deeply than a comparison can walk: then it is not the one that was asked for. */
function same(seen: unknown, wanted: unknown): boolean {
  try {
    return isDeepStrictEqual(seen, wanted);
  } catch {
    return false;
  }
}

export function shown(value: unknown): string {
  try {
    const text = JSON.stringify(value) ?? 'undefined';
    return text.length > shownCharsMax ? `${text.slice(0, shownCharsMax)}…` : text;
  } catch {
    return 'nested too deeply to show';
  }
}
