import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { LogEntry } from './log-entry.ts';

const Cursor = z.object({ query: z.string(), timestamp: z.string(), insertId: z.string() });

/**
 * A page token names the last entry told, not a position, so that entries which arrive between two pages neither
 * repeat nor hide one. It is bound to the query it belongs to.
 */
export function pageToken(query: readonly unknown[], last: LogEntry): string {
  const cursor = { query: fingerprint(query), timestamp: last.timestamp, insertId: last.insertId };
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

export function readPageToken(query: readonly unknown[], token: string): z.infer<typeof Cursor> | null {
  try {
    const cursor = Cursor.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
    return cursor.query === fingerprint(query) ? cursor : null;
  } catch {
    return null;
  }
}

function fingerprint(query: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(query)).digest('hex').slice(0, 16);
}
