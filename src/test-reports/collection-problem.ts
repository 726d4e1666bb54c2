import type { ReportProblem } from '../core/test-report.ts';

/** A file that cannot be collected hides its tests: a defect of the suite, and no finding about what it tests. */
export function collectionProblem(files: number, why?: string): ReportProblem {
  const told = files === 1 ? '1 file' : `${files} files`;
  const more = why === undefined ? '' : `; ${why}, so that there may be more of them`;
  const message = `${told} could not be collected: how many tests are missing is not known${more}`;
  return { code: 'collection-failed', weight: 'doubt', message };
}
