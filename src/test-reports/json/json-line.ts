import { isObject, type JsonObject, type JsonValue } from './json-value.ts';

/**
 * One line of a stream of JSON objects, or null. A line is small enough to be parsed at once (`splitLines` bounds it);
 * only fixed keys may be read from it, since it has a prototype.
 */
export function parseLine(line: string): JsonObject | null {
  if (!line.trimStart().startsWith('{')) return null;
  try {
    const value = JSON.parse(line) as JsonValue;
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
