import type { CaseBook } from '../case-book.ts';
import { decodeHead } from '../decode.ts';
import { makeGoPackage } from '../go-test-json/go-package.ts';
import { inlineResult, printedResult } from '../go-test-json/printed-result.ts';
import { splitLines } from '../lines.ts';
import { type TextReader, textFormat } from '../read-text.ts';
import type { ReportFormat } from '../report-format.ts';

/** What `go test -v` prints. Without `-v` go names red tests only: the report then holds those and nothing else. */
export const goTestText: ReportFormat = {
  name: 'go-test-text',
  detect: (head) => {
    const text = decodeHead(head);
    return marks.test(text) && !/^TAP version \d+/m.test(text) && !/^\s*[{<]/.test(text);
  },
  read: textFormat(makeReader),
};

const marks =
  /^(?:=== RUN\s+\S|\s*--- (?:PASS|FAIL|SKIP|BENCH): \S|ok\s+[^\s\d]\S*\s+(?:\(cached\)|[\d.]+s)|FAIL\s+\S+\s+(?:\[(?:build|setup) failed\]|[\d.]+s)|\?\s+\S+\s+\[no test files\]|testing: warning: no tests to run|Benchmark\S*\s+\d+\s+[\d.e+]+ ns\/op)/m;

const packageLine = /^(ok|FAIL|\?)\s+([^\s\d[]\S*)(?:\s+(\(cached\)|[\d.]+s|\[[a-z ]+\]).*)?$/;

/** The package's name comes after its tests. */
function makeReader(book: CaseBook): TextReader {
  let current = makeGoPackage(book.limits);
  let test: string | null = null;
  let open = false;
  let status: 'passed' | 'failed' | null = null;
  const close = (name: string, ended: 'passed' | 'failed' | null): void => {
    for (const draft of current.close(name, ended)) book.add(draft);
    current = makeGoPackage(book.limits);
    test = null;
    open = false;
    status = null;
  };
  const closePackage = (line: string): boolean => {
    const match = packageLine.exec(line);
    if (match?.[2] === undefined || (match[1] !== 'FAIL' && match[3] === undefined)) return false;
    if (match[1] === 'FAIL') current.output(null, `${line}\n`);
    close(match[2], match[1] === 'FAIL' ? 'failed' : 'passed');
    return true;
  };
  const lines = splitLines((line) => {
    if (closePackage(line)) return;
    const step = /^=== (RUN|CONT|NAME|PAUSE)\s+(\S+)?/.exec(line);
    const result = printedResult(line) ?? inlineResult(line, test);
    open ||= step !== null || result !== null || line.startsWith('panic: ');
    if (line === 'PASS' || line === 'FAIL') status = line === 'PASS' ? 'passed' : 'failed';
    if (step !== null) {
      test = step[2] ?? null;
      if (step[1] === 'RUN' && test !== null) current.run(test);
    } else if (result !== null) {
      current.result(result.test, result.outcome, result.durationMs);
      test = null;
    } else current.output(test, `${line}\n`);
  }, book.limits);
  const end = (): void => {
    lines.end();
    if (!open) return;
    // A test binary that is run by itself ends with `PASS` or `FAIL` and names no package.
    if (status === null) book.problems.add(killed);
    close('', status);
  };
  return { write: lines.write, end, place: lines.place, abandon: () => close('', null) };
}

const killed = {
  code: 'killed-run',
  weight: 'doubt',
  message:
    'the output ends before the line that closes a package (`ok`, `PASS` or `FAIL`): the run was killed, or its end is missing',
} as const;
