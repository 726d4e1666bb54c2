import type { TestOutcome } from '../../core/test-report.ts';
import type { CaseBook } from '../case-book.ts';
import { decodeHead } from '../decode.ts';
import { splitLines } from '../lines.ts';
import { type TextReader, textFormat } from '../read-text.ts';
import { Refusal } from '../refusal.ts';
import type { ReportFormat } from '../report-format.ts';
import { type GoEvent, goEventOf } from './go-event.ts';
import { type GoPackage, makeGoPackage } from './go-package.ts';

/** The events of `go test -json`, one JSON object a line, with the compiler's and other tools' lines in between. */
export const goTestJson: ReportFormat = {
  name: 'go-test-json',
  detect: (head) =>
    decodeHead(head)
      .split('\n')
      .some((line) => goEventOf(line.trim()) !== null),
  read: textFormat(makeReader),
};

function makeReader(book: CaseBook): TextReader {
  const packages = new Map<string, GoPackage>();
  const builds = new Map<string, string>();
  let last: { line: string; event: boolean } = { line: '', event: true };
  const opened = (name: string): GoPackage => {
    const known = packages.get(name) ?? makeGoPackage(book.limits);
    packages.set(name, known);
    return known;
  };
  const close = (name: string, ended: 'passed' | 'failed' | null): void => {
    for (const draft of opened(name).close(name, ended)) book.add(draft);
    packages.delete(name);
  };
  const take = (event: GoEvent): void => {
    const { action, test, output } = event;
    const name = event.package;
    const outcome = outcomes.get(action);
    if (action === 'build-output') builds.set(event.importPath, keptBuild(builds.get(event.importPath), output));
    else if (action === 'start') opened(name);
    else if (action === 'output') opened(name).output(test, output);
    else if (test !== null && action === 'run') opened(name).run(test);
    else if (test !== null && action === 'attr') opened(name).attribute(test, event.key, event.value);
    else if (test !== null && outcome !== undefined) opened(name).result(test, outcome, event.elapsedMs);
    else if (test === null && outcome !== undefined) {
      if (event.failedBuild !== null) opened(name).output(null, builds.get(event.failedBuild) ?? '');
      close(name, outcome === 'failed' ? 'failed' : 'passed');
    }
  };
  const lines = splitLines((line, number) => {
    if (line.trim() === '') return;
    const event = goEventOf(line.trim());
    last = { line, event: event !== null };
    if (event !== null) return take(event);
    const broken = /^FAIL\s+(\S+) \[(?:build|setup) failed\]/.exec(line)?.[1];
    if (broken !== undefined) {
      opened(broken).output(null, `${line}\n`);
      close(broken, 'failed');
    } else book.problems.once(foreignLine(line, number));
  }, book.limits);
  const end = (): void => {
    lines.end();
    if (!last.event && last.line.startsWith('{')) throw cutOff();
    if (packages.size > 0) book.problems.add(killed([...packages.keys()]));
    closeAll();
  };
  const closeAll = (): void => {
    for (const name of [...packages.keys()]) close(name, null);
  };
  return { write: lines.write, end, place: lines.place, abandon: closeAll };
}

/** `bench`: a benchmark that printed its result. */
const outcomes = new Map<string, TestOutcome>([
  ['pass', 'passed'],
  ['bench', 'passed'],
  ['fail', 'failed'],
  ['skip', 'skipped'],
]);

const buildCharsMax = 64 * 1024;

function keptBuild(before: string | undefined, text: string): string {
  return ((before ?? '') + text).slice(0, buildCharsMax);
}

/** A line that looks like an event and is none is a lost event; any other is some tool's output. */
function foreignLine(line: string, number: number) {
  const lost = line.startsWith('{"');
  const message = lost
    ? 'a line that begins like an event cannot be read: what it told is lost'
    : 'lines between the events that are none of go’s';
  return { code: 'foreign-lines', weight: lost ? 'doubt' : 'note', message, line: number } as const;
}

function killed(packages: readonly string[]) {
  const message = `the run ended before ${packages.length === 1 ? `the package ${packages[0]?.slice(0, 80)}` : `${packages.length} packages`} did`;
  return { code: 'killed-run', weight: 'doubt', message } as const;
}

function cutOff(): Refusal {
  const hint = 'the runner was killed or ran out of disk while it wrote; look at its exit code and output';
  return new Refusal({ reason: 'truncated', message: 'the report ends too early, inside of an event', hint });
}
