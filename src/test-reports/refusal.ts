import type { ReportFailure } from '../core/test-report.ts';

/** Carries a refusal out of a parser's callbacks. It never leaves a format's `read`, which turns it into a value. */
export class Refusal extends Error {
  readonly failure: ReportFailure;

  constructor(failure: ReportFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

export function overLimit(what: string, limit: number, hint: string): Refusal {
  return new Refusal({ reason: 'too-large', message: `more than ${limit} ${what}`, hint });
}
