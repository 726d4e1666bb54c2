import type { Cause } from '../../core/record.ts';
import type { FixRequest } from '../../ports/fixer.ts';

/** For tests: a request about a cause with these suspects. */
export function fixRequest(folder: string, suspects: readonly { commit: string; title: string }[]): FixRequest {
  const cause: Cause = {
    fingerprint: 'ab12',
    class: 'product',
    title: 'tool_name is missing',
    priority: 'P1',
    suite: 'websocket-events',
    tests: [],
    services: [],
    suspects: suspects.map((suspect) => ({ ...suspect, path: null, line: null, score: 1, reasons: [] })),
    whys: [],
    survived: null,
    rejected: [],
    prevention: [],
    options: [],
  };
  return { folder, baseCommit: '0'.repeat(40), cause, attempt: 1, brief: 'What is known.', timeoutMs: 30_000 };
}
