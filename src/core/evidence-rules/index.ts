import { collected } from './collected.ts';
import { doubts } from './doubts.ts';
import { ended } from './ended.ts';
import { exitCode } from './exit-code.ts';
import { instant, warningCount } from './figures.ts';
import { fewerTests, floor } from './floor.ts';
import { fresh } from './fresh.ts';
import { hosts } from './hosts.ts';
import { bypass, mock, neverAwaited } from './markers.ts';
import { notRun } from './not-run.ts';
import { report } from './report.ts';
import { retried } from './retried.ts';
import type { EvidenceRule } from './rule.ts';
import { seen, testsSeen } from './seen.ts';
import { skipped } from './skipped.ts';
import { started } from './started.ts';
import { summary } from './summary.ts';

/** Every rule by which a suite counts, in the order in which people are told. */
export const evidenceRules: readonly EvidenceRule[] = [
  started,
  ended,
  report,
  fresh,
  floor,
  skipped,
  notRun,
  exitCode,
  summary,
  doubts,
  hosts,
  neverAwaited,
  mock,
  bypass,
  seen,
  testsSeen,
  retried,
  fewerTests,
  collected,
  warningCount,
  instant,
];
