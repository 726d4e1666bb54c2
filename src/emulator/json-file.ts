import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

/** Replaces the file in one step: a reader sees the old text or the new one, whenever the writer is killed. */
export function writeJson(file: string, value: unknown, mode = 0o600): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.tmp`;
  const handle = openSync(draft, 'w', mode);
  try {
    writeSync(handle, JSON.stringify(value, null, 1));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, file);
}

export type JsonRead<T> =
  | { readonly state: 'read'; readonly value: T }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly because: string };

/** Parsed at the door: text that is not of the schema's shape is `unreadable`, never half a value. */
export function readJson<S extends z.ZodType>(file: string, schema: S): JsonRead<z.infer<S>> {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (parsed.success) return { state: 'read', value: parsed.data };
    return { state: 'unreadable', because: parsed.error.issues[0]?.message ?? 'not of the expected shape' };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { state: 'absent' };
    return { state: 'unreadable', because: error instanceof Error ? error.message : String(error) };
  }
}
