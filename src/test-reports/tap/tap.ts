import type { CaseBook, DraftTest } from '../case-book.ts';
import { decodeHead } from '../decode.ts';
import { splitLines } from '../lines.ts';
import { type TextReader, textFormat } from '../read-text.ts';
import { overLimit, Refusal } from '../refusal.ts';
import type { ReportFormat } from '../report-format.ts';
import { makeRunnerComments } from '../runner-comments.ts';
import { holdPoint, isRed, makeLevel, type Parents, releasePoint, type TapLevel } from './tap-level.ts';
import { type TapLine, tapLine } from './tap-line.ts';

const beginning = /^(?:TAP version \d+|1\.\.\d+(?:\s*#.*)?|(?:not )?ok(?:\s+\d+\b.*|\s*-.*)?)\s*$/m;

/**
 * TAP 12, 13 and 14 with the dialects of node, tap and bats. A test with subtests is a suite of them, unless it fails by
 * itself. Without a plan, or with another number of tests than planned, passes prove nothing.
 */
export const tap: ReportFormat = {
  name: 'tap',
  detect: (head) => beginning.test(decodeHead(head)),
  read: textFormat(makeReader),
};

const levelsMax = 64;
const yamlLinesMax = 2_000;

function makeReader(book: CaseBook): TextReader {
  const levels: TapLevel[] = [makeLevel()];
  const parents: Parents = { all: 0, red: 0 };
  const summary = makeRunnerComments();
  let yamlIndent: number | null = null;
  let bailedOut: string | null = null;
  let versions = 0;
  let buffered = 0;

  const top = (): TapLevel => levels.at(-1) ?? makeLevel();
  /** The level of an indentation; deeper ones that no test point closed are closed by their announcement. */
  const levelAt = (depth: number): TapLevel => {
    while (levels.length - 1 > depth + 1) foldOrphans();
    while (levels.length - 1 < depth) levels.push(makeLevel());
    return levels[depth] ?? top();
  };
  const childrenFor = (depth: number): readonly DraftTest[] => (levels.length - 1 > depth ? closeLevel() : []);
  const closeLevel = (): readonly DraftTest[] => {
    const level = levels.pop();
    if (level === undefined) return [];
    releasePoint(level, parents);
    checkPlan(level, false);
    return level.drafts;
  };
  const foldOrphans = (): void => {
    const children = closeLevel();
    const parent = top();
    const name = parent.announced ?? '';
    parent.drafts.push(...children.map((child) => ({ ...child, suite: [name, ...child.suite] })));
  };
  const checkPlan = (level: TapLevel, whole: boolean): void => {
    if (level.plan === level.points || (level.plan === null && !whole)) return;
    const what = level.plan === null ? 'no plan' : `a plan of ${level.plan}`;
    const message = `${whole ? 'the report' : 'a subtest'} has ${what}, and ${level.points} tests`;
    book.problems.once({ code: 'plan-differs', weight: 'doubt', message });
  };
  const flush = (level: TapLevel): void => {
    for (const draft of level.drafts) book.add(draft);
    buffered = 0;
    level.drafts.length = 0;
  };
  const addPoint = (line: Extract<TapLine, { is: 'point' }>, depth: number): void => {
    const level = levelAt(depth);
    if (level.plan !== null && !level.planFirst) throw afterPlan();
    const children = line.opensBlock ? [] : childrenFor(depth);
    releasePoint(level, parents);
    if (depth === 0) flush(level);
    buffered += 1;
    if (buffered > book.limits.cases)
      throw overLimit('tests', book.limits.cases, 'split the suite into several reports');
    holdPoint(level, line, children);
  };
  const closeBlock = (depth: number): void => {
    const point = levels[depth]?.held;
    if (point != null && levels.length - 1 > depth) point.children = closeLevel();
  };
  const addPlan = (line: Extract<TapLine, { is: 'plan' }>, depth: number): void => {
    const level = levelAt(depth);
    releasePoint(level, parents);
    if (level.plan !== null) throw twoPlans();
    level.plan = line.tests;
    level.planReason = line.reason;
    level.planFirst = level.points === 0 && line.tests > 0;
  };
  const addComment = (text: string, depth: number): void => {
    const name = /^Subtest:? ?(.*)$/.exec(text)?.[1];
    if (depth === 0) summary.read(` ${text} `);
    if (name !== undefined) {
      const level = levels.length - 1 > depth ? top() : levelAt(depth);
      releasePoint(level, parents);
      level.announced = name;
      return;
    }
    const { held } = top();
    if (held === null || /^(?:tests|suites|pass|fail|failed|cancelled|skip|skipped|todo|time|duration_ms)\b/.test(text))
      return;
    if (held.comments.length < yamlLinesMax) held.comments.push(text);
  };
  const take = (line: TapLine, depth: number, indent: number): void => {
    if (line.is === 'point') addPoint(line, depth);
    else if (line.is === 'plan') addPlan(line, depth);
    else if (line.is === 'comment') addComment(line.text, depth);
    else if (line.is === 'yaml-start') yamlIndent = indent;
    else if (line.is === 'block-end') closeBlock(depth);
    else if (line.is === 'bail-out') bailedOut ??= line.reason;
    else if (line.is === 'version' && depth === 0) versions += 1;
    if (versions > 1) throw twoReports();
  };
  const lines = splitLines((text) => {
    const trimmed = text.trim();
    const indent = text.length - text.trimStart().length;
    if (yamlIndent !== null) {
      if (trimmed === '...' && indent <= yamlIndent) yamlIndent = null;
      else if (held() !== null && (held()?.yaml.length ?? 0) < yamlLinesMax) held()?.yaml.push(text.slice(yamlIndent));
      return;
    }
    const line = tapLine(trimmed);
    if (line.is === 'other') return;
    const depth = Math.floor(indent / 4);
    if (line.is !== 'yaml-start' && indent % 4 !== 0) return;
    if (depth > levelsMax) throw overLimit('levels of subtests', levelsMax, 'this is no test report');
    take(line, depth, indent);
  }, book.limits);
  const held = () => top().held;
  const closeAll = (): TapLevel => {
    while (levels.length > 1) foldOrphans();
    const level = top();
    releasePoint(level, parents);
    return level;
  };
  const end = (): void => {
    lines.end();
    if (yamlIndent !== null) throw cutOff();
    const running = levels.findLast(({ announced }) => announced !== null)?.announced ?? null;
    const level = closeAll();
    if (level.plan === null && running !== null) level.drafts.push(cutOffTest(running));
    checkPlan(level, true);
    flush(level);
    if (bailedOut !== null) addBailOut(book, bailedOut);
    finishSummary();
  };
  const finishSummary = (): void => {
    const figures = summary.summary();
    if (figures === null) return;
    book.summarize(figures);
    const totals = book.totals();
    // node does not count a suite (`describe`) as a test: what is left of its count are the tests with subtests.
    const problem = summary.check({ totals, suiteElements: parents.all, redSuites: parents.red });
    if (problem !== null) book.problems.add(problem);
  };
  const abandon = (): void => {
    for (const draft of closeAll().drafts.filter(isRed)) book.add(draft);
  };
  return { write: lines.write, end, place: lines.place, abandon };
}

function addBailOut(book: CaseBook, reason: string): void {
  const message = `the run bailed out: ${reason.slice(0, 200) || 'no reason given'}`;
  book.problems.add({ code: 'killed-run', weight: 'doubt', message });
  const { failed, errored } = book.totals();
  if (failed + errored === 0) book.add({ suite: [], name: '(the run itself)', outcome: 'errored', message });
}

function cutOffTest(name: string): DraftTest {
  return { suite: [], name, outcome: 'errored', message: 'the run was killed while this test ran' };
}

function afterPlan(): Refusal {
  const message = 'a test after the closing plan';
  return new Refusal({
    reason: 'not-well-formed',
    message,
    hint: 'two runs may have written into one file; give each its own',
  });
}

function twoPlans(): Refusal {
  const hint = 'two runs wrote into one file; give each its own';
  return new Refusal({ reason: 'two-roots', message: 'a second plan', hint });
}

function twoReports(): Refusal {
  const hint = 'two runs wrote into one file; give each its own';
  return new Refusal({ reason: 'two-roots', message: 'a second report begins (`TAP version`) in this one', hint });
}

function cutOff(): Refusal {
  const hint = 'the runner was killed or ran out of disk while it wrote; look at its exit code and output';
  return new Refusal({ reason: 'truncated', message: 'the report ends too early, inside of a diagnostic block', hint });
}
