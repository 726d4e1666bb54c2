import type { TestOutcome } from '../core/test-report.ts';
import { type KeptNames, makeKeptNames } from './kept-names.ts';

/** So many tests stand on one page. */
export const pageRows = 1024;

/** Tests in columns: of each a few numbers, and its name. */
export interface TestPage {
  readonly names: KeptNames;
  /** Places in `outcomes`. */
  readonly outcomes: Uint8Array;
  /** Milliseconds; NaN where the report says none. */
  readonly durations: Float64Array;
  /** Numbers of `TestOwner`. */
  readonly owners: Uint32Array;
  /** Columns that few reports have; 0: nothing. Lines, numbers of texts plus 1, and the numbers behind ids that are there before. */
  lines: Uint32Array | null;
  details: Uint32Array | null;
  repeats: Uint32Array | null;
}

export const outcomes: readonly TestOutcome[] = ['passed', 'failed', 'errored', 'skipped'];

export function makePage(): TestPage {
  return {
    names: makeKeptNames(pageRows),
    outcomes: new Uint8Array(pageRows),
    durations: new Float64Array(pageRows),
    owners: new Uint32Array(pageRows),
    lines: null,
    details: null,
    repeats: null,
  };
}
