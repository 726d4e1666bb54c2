import type { Cause } from '../../core/record.ts';
import type { CauseClass } from '../../core/words.ts';

/** A cause of which only the symptom is known. */
export function bareCause(fingerprint: string, kind: CauseClass, title: string): Cause {
  return {
    fingerprint,
    class: kind,
    title,
    priority: null,
    suite: null,
    tests: [],
    services: [],
    suspects: [],
    whys: [],
    survived: null,
    rejected: [],
    prevention: [],
    options: [],
  };
}
