import type { CaseBook } from './case-book.ts';

/** For formats that declare all red tests as one figure: where the sum is right, how it is split is ours to say. */
export function declareRed(book: CaseBook, declared: { tests?: number | undefined; red: number }): void {
  const { failed, errored } = book.totals();
  const tests = declared.tests === undefined ? {} : { tests: declared.tests };
  book.declare(declared.red === failed + errored ? tests : { ...tests, failed: declared.red, errored: 0 });
}
