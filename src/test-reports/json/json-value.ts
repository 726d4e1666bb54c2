/** A JSON value; objects have no prototype, so that `__proto__` is a key like any other. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export function asText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function asNumber(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A count: a whole number of at least 0. */
export function asCount(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

export function asList(value: JsonValue | undefined): readonly JsonValue[] {
  return isList(value) ? value : [];
}

/** The objects of a list; what else stands in it is left out. */
export function asObjects(value: JsonValue | undefined): readonly JsonObject[] {
  return asList(value).filter(isObject);
}

export function asObject(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : nothing;
}

const nothing: JsonObject = Object.freeze(Object.create(null));

/** The texts of a list, or the text itself, joined by line ends; undefined where there is none. */
export function asLines(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  const texts = asList(value).filter((item) => typeof item === 'string');
  return texts.length === 0 ? undefined : texts.join('\n');
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
