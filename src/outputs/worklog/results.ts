import { bytesWords, counted } from '../../core/count-words.ts';
import { percent, rateSentence } from '../../core/judge-phase.ts';
import { codeSpan, inlineText } from '../../core/markdown-text.ts';
import type { ExcusedTest, PhaseResult, RedTest, RunRecord, SuiteResult } from '../../core/record.ts';
import { ageWords, durationWords } from '../facts/instant.ts';
import type { Cite } from './citations.ts';
import { markdownTable } from './markdown-table.ts';
import { prose } from './prose.ts';
import { blocks, bullets, cited, nothing } from './section.ts';
import { gateWords } from './selection.ts';

const redTestsMax = 25;

export function results(record: RunRecord, cite: Cite): string {
  if (record.phases.length === 0) return nothing(record, 'testing', 'No phase was run.');
  return blocks(...record.phases.map((phase) => phaseText(phase, cite)));
}

function phaseText(phase: PhaseResult, cite: Cite): string {
  const gate =
    phase.thresholdPermille === null ? 'each suite by its own gate' : `gate ${percent(phase.thresholdPermille)}`;
  return blocks(
    `### Phase ${inlineText(phase.name)}: ${phase.verdict ?? 'not run'} (${gate})`,
    [prose(phase.reason), phase.lostAt === null ? '' : `The gate was lost with non-pass number ${phase.lostAt}.`]
      .filter((text) => text !== '')
      .join('. ')
      .replace(/\.\. /g, '. '),
    phase.conditions.length > 0 &&
      `Conditions of the gate:\n\n${bullets(...phase.conditions.map((one) => cited(`${one.state}: ${prose(one.text)}`, cite(one.evidence, 3))))}`,
    phase.suites.length > 0 && suiteTable(phase, cite),
    ...phase.suites.map((suite) => suiteText(suite, cite)),
  );
}

function suiteTable(phase: PhaseResult, cite: Cite): string {
  const head = [
    ...['suite', 'verdict', 'rate', 'gate', 'selected', 'passed', 'failed', 'errored', 'skipped', 'not run'],
    ...['exit', 'time', 'evidence'],
  ];
  const rows = phase.suites.map((suite) => [
    `${inlineText(suite.name)} (${suite.priority})`,
    suite.verdict,
    rateCell(suite),
    gateWords(suite, phase.thresholdPermille),
    String(suite.counts.selected),
    String(suite.counts.passed),
    String(suite.counts.failed),
    String(suite.counts.errored),
    String(suite.counts.skipped),
    String(suite.counts.notRun),
    suite.exitCode === null ? '-' : String(suite.exitCode),
    suite.durationMs === null ? '-' : durationWords(suite.durationMs),
    cite(suite.evidence),
  ]);
  return markdownTable(head, rows);
}

/** A suite that cannot be believed has counts, but no rate. */
function rateCell({ verdict, passRatePermille }: SuiteResult): string {
  if (verdict === 'INVALID' || verdict === 'BLOCKED' || passRatePermille === null) return '-';
  return percent(passRatePermille);
}

function suiteText(suite: SuiteResult, cite: Cite): string {
  const name = inlineText(suite.name);
  const red = suite.tests.slice(0, redTestsMax).map(redTest);
  const more = suite.tests.length - red.length;
  return blocks(
    suite.invalidBecause.length > 0 &&
      `**${name} does not count:**\n\n${bullets(...suite.invalidBecause.map((text) => cited(prose(text), cite(suite.evidence))))}`,
    stoppedBefore(suite, cite),
    suite.tests.length > 0 && cited(`**Red in ${name}** (${rateSentence(suite.counts)})`, cite(suite.evidence)),
    bullets(...red, more > 0 && `and ${counted(more, 'more red test')}, all in run.json`),
    against(suite, cite),
    suite.excused.length > 0 && `**Excused in ${name}:**\n\n${bullets(...suite.excused.map(excusedLine))}`,
    bullets(
      ...suite.forgiven.map((test) => `~ ${inlineText(test)}: flaky on both revisions, counted as passed by budget`),
    ),
    began(suite) && `How ${name} ran:\n\n${bullets(...howItRan(suite, cite))}`,
  );
}

/** What was neither run nor collected left no evidence: there is nothing to tell. */
function began({ evidence }: SuiteResult): boolean {
  return evidence.length > 0;
}

/** Where a suite was ended before its end: how far it had come, and what was at work. */
function stoppedBefore({ name, partial, hung, counts, evidence }: SuiteResult, cite: Cite): string | false {
  if (!partial) return false;
  const ended = counts.executed + counts.skipped;
  const atWork = hung.length === 0 ? '' : `; at work then: ${namesOf(hung)}`;
  return cited(
    `**${inlineText(name)} was stopped before its end:** ${ended} of ${counted(counts.selected, 'test')} had ended${atWork}`,
    cite(evidence),
  );
}

/** What changed since the baseline; no line where nothing did. */
function against({ name, comparison }: SuiteResult, cite: Cite): string | false {
  if (comparison === null) return false;
  const { run, ageSeconds, before, evidence } = comparison;
  const changed = (['worse', 'improved', 'added', 'gone'] as const)
    .filter((list) => comparison[list].length > 0)
    .map((list) => `${changeWords[list]} ${comparison[list].length} (${namesOf(comparison[list])})`);
  const often = comparison.rates.slice(0, namedMax).map(({ test, red, of }) => `${inlineText(test)} ${red} of ${of}`);
  const text = [
    `${inlineText(name)} against run ${codeSpan(run)} (${ageWords(ageSeconds)} old, ${before.passed} of ${before.selected} passed): ${comparison.state}`,
    ...changed,
    `same ${comparison.same}`,
    ...(often.length === 0 ? [] : [`red before: ${often.join(', ')}`]),
  ].join('; ');
  return cited(text, cite(evidence));
}

const changeWords = { worse: 'worse', improved: 'improved', added: 'new', gone: 'gone' } as const;
const namedMax = 5;

function namesOf(tests: readonly string[]): string {
  const more = tests.length - namedMax;
  return `${tests
    .slice(0, namedMax)
    .map((test) => inlineText(test))
    .join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Who answers for it, where, and until when: in the open, whatever the test did. */
function excusedLine({ test, as, outcome, owner, issue, until }: ExcusedTest): string {
  const what = as === 'quarantine' ? 'in quarantine' : 'a known failure';
  return `${inlineText(test)}: ${outcome}, ${what} until ${until} (${inlineText(owner)}, ${inlineText(issue)})`;
}

function redTest(test: RedTest): string {
  const frame = test.frames[0];
  const where = frame ? ` at ${codeSpan(`${frame.file}:${frame.line}`)}` : '';
  return `✖ ${inlineText(test.name)} · ${test.outcome} (${inlineText(test.attempts)})${where}: ${prose(test.message)}`;
}

function howItRan(suite: SuiteResult, cite: Cite): (string | false)[] {
  const roles = Object.entries(suite.roles).map(([service, role]) => `${inlineText(service)} ${role}`);
  const targets = suite.targets.map(
    (one) => `${codeSpan(one.host)} (${one.serverHeader === null ? 'no server header' : inlineText(one.serverHeader)})`,
  );
  return [
    roles.length > 0 && `against ${roles.join(', ')}${targets.length === 0 ? '' : ` at ${targets.join(', ')}`}`,
    suite.narrowedTo !== null &&
      `narrowed to ${counted(suite.narrowedTo.length, 'test')}: ${namesOf(suite.narrowedTo)}`,
    suite.collected !== null &&
      cited(`${counted(suite.collected.count, 'test')} collected before it ran`, cite(suite.collected.evidence)),
    inPieces(suite),
    seen(suite),
    rulesOf(suite),
    suite.peakRssBytes !== null && `peak memory ${bytesWords(suite.peakRssBytes)}`,
    ...suite.warnings.map((text) => `warning: ${prose(text)}`),
    ...suite.criteria.map((one) => `criterion ${one.state === 'not-met' ? 'not met' : one.state}: ${prose(one.text)}`),
  ];
}

function inPieces({ split }: SuiteResult): string | false {
  if (split === null) return false;
  const took = `${durationWords(split.makespanMs)}, at best ${durationWords(split.lowerBoundMs)}`;
  return `in ${counted(split.items, 'piece')} over ${counted(split.workers, 'worker')}: ${took}`;
}

/** Rules that do not hold are told above, by their own sentence; here is how many were asked, and which could not be. */
function rulesOf({ rules }: SuiteResult): string | false {
  if (rules.length === 0) return false;
  const of = (ok: boolean | null) => rules.filter((rule) => rule.ok === ok);
  const names = (ok: boolean | null) =>
    of(ok)
      .map((rule) => inlineText(rule.name))
      .join(', ');
  const broken = of(false).length === 0 ? '' : `, ${of(false).length} broken (${names(false)})`;
  const unasked = of(null).length === 0 ? '' : `, ${of(null).length} with nothing to look at (${names(null)})`;
  return `rules of evidence: ${of(true).length} of ${rules.length} hold${broken}${unasked}`;
}

function seen({ seenByServer }: SuiteResult): string {
  if (seenByServer === null) return 'the server was not asked what it saw';
  const { requests, revision, elsewhere, tests } = seenByServer;
  const where = revision === null ? '' : ` on ${codeSpan(revision)}`;
  const own = tests === null ? '' : `; ${tests.seen} of ${tests.of} passed tests by a trace of their own`;
  return `the server saw ${counted(requests, 'request')}${where}, ${elsewhere} elsewhere${own}`;
}
