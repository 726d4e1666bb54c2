import type { LogEntry } from '../ports/logs.ts';

/** A log entry for tests: what is not given is as plain as can be. */
export function logEntry(given: Partial<LogEntry>): LogEntry {
  return {
    insertId: 'a',
    at: '2025-09-16T00:00:00Z',
    severity: 'DEFAULT',
    log: 'stdout',
    service: 'chat-backend',
    revision: 'chat-backend-00001-abc',
    trace: null,
    text: null,
    json: null,
    request: null,
    audit: null,
    ...given,
  };
}
