import type { ReportLimits } from '../limits.ts';
import type { ProblemList } from '../problem-list.ts';

/** What every part of the JUnit reader knows. */
export interface JUnitContext {
  readonly root: string;
  /** A file name's place in `root`, or null; see `placeInRoot`. */
  readonly place: (name: string) => string | null;
  readonly limits: ReportLimits;
  readonly problems: ProblemList;
}
