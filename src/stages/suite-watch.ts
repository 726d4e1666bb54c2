import type { SuiteConfig } from '../config/pipeline.ts';
import type { StreamOutcomes } from '../core/stream-outcomes.ts';
import type { StopReason, SuiteCommand } from '../ports/tester.ts';
import type { LiveBook } from '../test-reports/live/live-book.ts';
import { type LiveTests, liveTests } from '../test-reports/live/live-tests.ts';
import { type FollowedFile, followFile } from './follow-file.ts';
import { progressWords, stopWords } from './suite-watch-words.ts';

/** Stops a suite whose gate is lost: by its own red tests, or from outside. */
export interface StopOnNoGo {
  /** Why it is lost by these red tests; null while it is not. */
  readonly lostBy: (red: StreamOutcomes['red']) => string | null;
  /** Aborted when another suite lost the gate of the phase; its reason is a sentence. */
  readonly elsewhere: AbortSignal;
}

interface Watched {
  readonly name: string;
  readonly suite: Pick<SuiteConfig, 'report' | 'testTimeoutSeconds' | 'testsMin'>;
  readonly collected: number | null;
  readonly reportFolder: string;
  readonly onNoGo: StopOnNoGo | null;
  readonly progress: (text: string) => void;
}

export interface SuiteWatch extends Required<Pick<SuiteCommand, 'onOutput' | 'watch' | 'onStopping'>> {
  /** What was known when the suite was stopped, or at its end; null where its runner does not stream. */
  outcomes(): Promise<StreamOutcomes | null>;
}

const lookMs = 100;

/** Follows a suite while it runs: progress by test, a test that hangs, a gate that is lost. */
export function watchSuite(watched: Watched): SuiteWatch {
  const junit = [watched.suite.report.path].flat().every((path) => path.endsWith('.xml'));
  const sources = { file: liveTests({ junit }), stdout: liveTests({ junit }), stderr: liveTests({ junit }) };
  const { stream } = watched.suite.report;
  const file: FollowedFile | null =
    stream === undefined
      ? null
      : followFile(stream, watched.reportFolder, (text) => sources.file.write(text, performance.now()));
  const book = (): LiveBook | null => best([sources.file, sources.stdout, sources.stderr]);
  let atStop: { outcomes: StreamOutcomes | null } | null = null;
  let shown = '';

  const show = (text: string): void => {
    if (text !== shown) watched.progress(`${watched.name}: ${text}`);
    shown = text;
  };
  const look = (stop: (why: StopReason) => void): void => {
    const now = book();
    if (now !== null) show(progressWords(now, watched));
    const why = reasonToStop(now, watched);
    if (why !== null) stop(why);
  };
  return {
    onOutput(text, from) {
      sources[from].write(text, performance.now());
      if (book() === null) show(lastLine(text));
    },
    watch(stop) {
      let at: 'work' | 'rest' | 'end' = 'rest';
      const turn = async (): Promise<void> => {
        if (at !== 'rest') return;
        at = 'work';
        await file?.read();
        if (at !== 'work') return;
        look(stop);
        at = 'rest';
      };
      const timer = setInterval(() => void turn(), lookMs);
      return () => {
        at = 'end';
        clearInterval(timer);
      };
    },
    onStopping() {
      atStop = { outcomes: book()?.outcomes() ?? null };
    },
    async outcomes() {
      if (atStop !== null) return atStop.outcomes;
      await file?.read();
      return book()?.outcomes() ?? null;
    },
  };
}

/** The file that is there for it, else the stream that tells more. */
function best(sources: readonly LiveTests[]): LiveBook | null {
  const books = sources.map((source) => source.book());
  const heard = (book: LiveBook): number => {
    const { passed, failed, errored, skipped, running } = book.outcomes();
    return passed + failed + errored + skipped + running.length;
  };
  const [file, ...others] = books;
  if (file && heard(file) > 0) return file;
  return others.filter((book) => book !== null).toSorted((one, other) => heard(other) - heard(one))[0] ?? null;
}

function reasonToStop(book: LiveBook | null, { suite, onNoGo }: Watched): StopReason | null {
  if (onNoGo?.elsewhere.aborted) return { how: 'stopped', message: String(onNoGo.elsewhere.reason) };
  if (book === null) return null;
  const lost = onNoGo?.lostBy(book.outcomes().red) ?? null;
  if (lost !== null) return { how: 'stopped', message: lost };
  const seconds = suite.testTimeoutSeconds;
  if (seconds === undefined) return null;
  const { tests, quiet } = book.overdue(performance.now(), seconds * 1000);
  if (tests.length === 0 && !quiet) return null;
  return { how: 'test-timeout', message: stopWords(seconds, tests, book.latest()) };
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
