import type { Problem } from '../../core/record.ts';

/** What kept a stage from its work, and what to do about it. */
export function problemWords({ message, hint }: Problem): string {
  return hint === null ? message : `${message} (${hint})`;
}
