import { createHash } from 'node:crypto';

/**
 * JSON with sorted keys and no white space: equal data gives equal text, whatever order it was built in.
 * Keys whose value is undefined are left out, as JSON does. Throws for what JSON cannot hold, since that is a bug of the caller.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (isPlainObject(value)) return `{${canonicalEntries(value).join(',')}}`;
  if (!isJsonScalar(value)) throw new TypeError(`not JSON data: ${String(value)}`);
  return JSON.stringify(value);
}

/** SHA-256 in lower-case hex; text is hashed as UTF-8. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function canonicalEntries(value: Record<string, unknown>): string[] {
  return Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isJsonScalar(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}
