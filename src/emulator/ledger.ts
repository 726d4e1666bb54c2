import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** One call that changed something, as the emulator saw it: the outside's own count of effects. */
export const LedgerRow = z.object({
  at: z.string(),
  api: z.enum(['cloud-run', 'cloud-logging', 'github']),
  method: z.string(),
  /** Of an HTTP call. */
  path: z.string().optional(),
  name: z.string(),
  detail: z.unknown().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});
export type LedgerRow = z.infer<typeof LedgerRow>;

/** Rows are appended before the call is answered, so that a killed emulator does not forget one that took effect. */
export class Ledger {
  readonly #file: string;

  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    this.#file = file;
    // A kill may have cut the last row off; the next one must not be glued to it.
    const text = this.#text();
    if (text !== '' && !text.endsWith('\n')) appendFileSync(file, '\n');
  }

  add(row: LedgerRow): void {
    appendFileSync(this.#file, `${JSON.stringify(row)}\n`, { mode: 0o600 });
  }

  rows(): LedgerRow[] {
    const rows: LedgerRow[] = [];
    for (const line of this.#text().split('\n')) {
      const row = line === '' ? undefined : readRow(line);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  #text(): string {
    try {
      return readFileSync(this.#file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    }
  }
}

/** Nothing for a line that a kill cut off. */
function readRow(line: string): LedgerRow | undefined {
  try {
    return LedgerRow.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
