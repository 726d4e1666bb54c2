import { exitCode } from '../core/evidence-rules/exit-code.ts';
import type { SuiteFacts } from '../core/evidence-rules/rule.ts';
import { type SuiteSigns, suiteSigns } from '../core/evidence-rules/suite-signs.ts';
import { sectionsOf, withoutTitles } from '../core/split-output.ts';
import type { TestList } from '../core/test-report.ts';
import { readReportFiles } from './index.ts';
import { type ReportFacts, reportFacts } from './report-facts.ts';
import type { ReadOptions } from './report-format.ts';

/** One piece of a split suite, as it ended. */
export interface PieceFacts extends Pick<SuiteFacts, 'how' | 'exitCode'> {
  readonly item: string;
  /** Its report files, and why there are none. */
  readonly files: readonly string[];
  readonly reportProblem: string | null;
}

export interface SplitFacts extends ReportFacts {
  readonly tests: TestList;
  readonly signs: SuiteSigns;
}

/** All pieces read as one report; exit code, report and summary are held together piece by piece, since a sum hides who disagrees. */
export async function splitFacts(
  pieces: readonly PieceFacts[],
  console: { readonly output: string; readonly attempt: string },
  how: ReadOptions & { folder: string; testsFloor: number; redact: (text: string) => string },
): Promise<SplitFacts> {
  const sections = sectionsOf(console.output, console.attempt);
  const each: (ReportFacts & { readonly item: string })[] = [];
  for (const [index, piece] of pieces.entries()) {
    each.push({ item: piece.item, ...(await pieceFacts(piece, sections[index] ?? '', how)) });
  }
  const files = pieces.flatMap((piece) => piece.files);
  const { report } = await readReportFiles(files, how);
  const told = (text: (one: ReportFacts) => string | null) =>
    each.flatMap((one) => {
      const said = text(one);
      return said === null ? [] : [`${said} (piece ${one.item})`];
    });
  const { counts } = reportFacts({ ok: true, report }, '', how.testsFloor);
  const signs = suiteSigns(withoutTitles(console.output, console.attempt), report.tests, how.redact);
  return {
    problem: told(({ problem }) => problem)[0] ?? null,
    doubts: each.flatMap(({ doubts, item }) => doubts.map((doubt) => `${doubt} (piece ${item})`)),
    summaryProblem: told(({ summaryProblem }) => summaryProblem)[0] ?? null,
    counts,
    tests: report.tests,
    // Each piece counts its own warnings: one figure for all of them is nobody's.
    signs: { ...signs, warnings: null },
  };
}

async function pieceFacts(
  piece: PieceFacts,
  output: string,
  how: ReadOptions & { folder: string },
): Promise<ReportFacts> {
  const none = { selected: 0, executed: 0, passed: 0, failed: 0, errored: 0, skipped: 0, notRun: 0 };
  if (piece.reportProblem !== null)
    return { problem: piece.reportProblem, doubts: [], summaryProblem: null, counts: none };
  const facts = reportFacts(await readReportFiles(piece.files, how), output, 0);
  if (facts.problem !== null || piece.how !== 'exited') return facts;
  if (facts.counts.selected === 0) return { ...facts, doubts: [...facts.doubts, 'no tests: the report holds none'] };
  const { because } = exitCode.check(
    {
      ...piece,
      message: null,
      counts: facts.counts,
      reportDoubts: [],
      summaryProblem: null,
      seen: null,
      seenProblem: null,
    },
    { testsMin: 0, skippedMaxPermille: 1000, evidence: 'none', thresholdPermille: 0 },
  );
  return because === null ? facts : { ...facts, doubts: [...facts.doubts, because] };
}
