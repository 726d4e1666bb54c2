import { addDeclared, addTotals, type ReportFailure, type ReportReading } from '../core/test-report.ts';
import type { ReadFacts, ReadOptions, ReportResult } from './report-format.ts';
import { makeSameName } from './same-name.ts';
import { makeTestStore, type TestStore } from './test-store.ts';

/** Joins what was read from several files into one report. */
export interface Merge {
  readonly store: TestStore;
  add(file: string, format: string, result: ReportResult): void;
  fail(failure: ReportFailure): void;
  reading(): ReportReading;
}

export function makeMerge({ retries }: Pick<ReadOptions, 'retries'> = {}): Merge {
  const sameName = makeSameName(retries === 'same-name');
  const store = makeTestStore(sameName);
  const parts: (ReadFacts & { file: string; format: string })[] = [];
  const failures: ReportFailure[] = [];
  const add = (file: string, format: string, result: ReportResult): void => {
    parts.push({ ...result, file, format });
    if (!result.ok) failures.push({ ...result.failure, file });
  };
  const reading = (): ReportReading => {
    const notRun = parts.reduce((sum, part) => sum + (part.notRun ?? 0), 0);
    const report = {
      format: [...new Set(parts.map(({ format }) => format))].join('+'),
      tests: store.tests,
      totals: store.totals(),
      declared: sumOfAll(
        parts.map(({ declared }) => declared),
        addDeclared,
      ),
      runnerSummary: sumOfAll(
        parts.map(({ runnerSummary }) => runnerSummary),
        addTotals,
      ),
      ...(notRun > 0 ? { notRun } : {}),
      problems: [
        ...parts.flatMap((part) => part.problems.map((problem) => ({ ...problem, file: part.file }))),
        ...sameName.problems(),
      ],
    };
    return failures.length === 0 ? { ok: true, report } : { ok: false, failures, report };
  };
  return { store, add, fail: (failure) => void failures.push(failure), reading };
}

/** The sum, where every part has figures: a sum of some would be a figure that nobody wrote. */
function sumOfAll<T extends object>(parts: readonly (T | null)[], plus: (left: T, right: T) => T): T | null {
  const known = parts.filter((part): part is T => part !== null);
  return known.length === 0 || known.length < parts.length ? null : known.reduce(plus);
}
