import type { Control, Suspect, Why } from '../core/record.ts';
import type { CauseClass } from '../core/words.ts';
import type { EventDifference } from './event-differences.ts';
import type { FailureGroup } from './failure-groups.ts';
import { kindOfPath } from './path-kind.ts';

/** A fact and the ids of the evidence it was read from. */
export type Cited<T> = T & { readonly evidence: readonly string[] };

/** A service's settings that differ; `sameCode` where commit or digest are known and equal. */
export type DifferingSettings = Cited<{
  readonly service: string;
  readonly names: readonly string[];
  readonly sameCode: boolean;
}>;

export interface WhyFacts {
  readonly group: FailureGroup;
  /** The report of the red tests. */
  readonly reportEvidence: readonly string[];
  /** Controls of the group's tests; the first one's revisions are named. Empty when there was none. */
  readonly controls: readonly Control[];
  readonly eventDifferences: readonly Cited<EventDifference>[];
  /** Error clusters that only the candidate's log has. */
  readonly newErrors: readonly Cited<{ readonly template: string; readonly service: string; readonly count: number }>[];
  /** Best first; cited with the commit's diff. */
  readonly suspects: readonly Cited<Suspect>[];
  /** Settings that differ from the reference to the candidate. */
  readonly settings: readonly DifferingSettings[];
  /** A service or dependency that is proven down. */
  readonly down: Cited<{ readonly what: string }> | null;
  /** Why testing let it through, where somebody knows. */
  readonly survived: Cited<{ readonly claim: string }> | null;
}

export interface WhyChain {
  readonly class: CauseClass;
  readonly title: string;
  readonly whys: readonly Why[];
  readonly survived: Why;
}

const titleCharsMax = 120;

/**
 * The five whys of a cause, built from facts only. Every claim cites its facts' evidence; one without an id is `unknown`.
 * The chain ends at the first thing that can be changed: a commit with its file and line, or what is down. Where no such
 * thing is known its last claim is `unknown`: then an issue may be opened, never a pull request. No control, no blame:
 * suspects are named only when the control says that the fault came with the revision. Claims and the title quote messages,
 * commits and logs as they are: whoever renders them makes them inert.
 */
export function whyChain(facts: WhyFacts): WhyChain {
  const whys = [whatFails(facts), ...whysOf(facts)];
  return { class: classOf(facts), title: titleOf(facts.group), whys, survived: whySurvived(facts) };
}

/** Whether a chain may lead to a fix: it has an end, and that end is supported. */
export function endsKnown(whys: readonly Why[]): boolean {
  return whys.at(-1)?.status === 'supported';
}

function whysOf(facts: WhyFacts): Why[] {
  switch (facts.group.means) {
    case 'revision':
      return [controlled(facts), ...whatDiffers(facts), ...settingsWhys(facts.settings), whichChange(facts)];
    case 'environment-or-older':
      return [controlled(facts), whatIsDown(facts)];
    case 'flaky':
      return [
        controlled(facts),
        unknown('Why does the result change from run to run?', 'Not known: no fact tells the runs apart.'),
      ];
    case 'not-reproduced':
      return [controlled(facts), unknown('Why did it fail the first time?', 'Not known: it did not fail again.')];
    case 'impossible':
      return [unknown('Did this revision bring the fault?', 'Not known: there is no reference to compare with.')];
  }
}

function whatFails({ group, reportEvidence }: WhyFacts): Why {
  const [first] = group.reds;
  const count = group.reds.length;
  const subject =
    count === 1 && first ? `The test "${first.test.name}" of ${group.suite} fails` : `${count} tests fail`;
  const suites = [...new Set(group.reds.map((red) => red.suite))];
  const where = count === 1 ? '' : ` in ${suites.join(', ')}`;
  return why('Why is the run red?', `${subject}${where}: ${group.says}`, reportEvidence);
}

function controlled({ group, controls }: WhyFacts): Why {
  const question = 'Did this revision bring the fault?';
  const [first] = controls;
  if (first === undefined) return unknown(question, 'Not known: there was no control run.');
  const evidence = [...new Set(controls.flatMap((control) => control.evidence))];
  const sides = `${sideOf('candidate', first.candidate)}, ${sideOf('reference', first.reference)}`;
  switch (group.means) {
    case 'revision':
      return why(
        question,
        `Yes. Run again, the tests fail on the candidate and pass on the reference (${sides}).`,
        evidence,
      );
    case 'environment-or-older':
      return why(question, `No. Run again, they fail on both revisions (${sides}).`, evidence);
    case 'flaky':
      return why(question, `Not shown. The same code passes and fails (${sides}).`, evidence);
    case 'not-reproduced':
      return why(question, `Not shown. Run again, they pass on both revisions (${sides}).`, evidence);
    case 'impossible':
      return unknown(question, 'Not known: there is no reference to compare with.');
  }
}

function sideOf(role: string, side: Control['candidate']): string {
  return side === null ? `${role} not run` : `${role} ${side.revision}: ${side.runs}`;
}

/** Nothing here when the logs show no difference: the chain then rests on the control and the diff alone. */
function whatDiffers({ eventDifferences, newErrors, group }: WhyFacts): Why[] {
  const question = 'What does this revision do differently?';
  const telling = eventDifferences.filter(({ gone, added }) =>
    [...gone, ...added].some((name) => group.missing.includes(name)),
  );
  const shown = telling.length > 0 ? telling : eventDifferences;
  if (shown.length > 0) {
    const claim = shown
      .slice(0, 3)
      .map(({ service, what }) => `${service} logs ${what}`)
      .join('; ');
    return [why(question, `${claim}${moreThan(3, shown.length)}.`, evidenceOf(shown.slice(0, 3)))];
  }
  const [error] = newErrors;
  if (error === undefined) return [];
  return [
    why(
      question,
      `${error.service} logs an error that the reference does not (${error.count} times): ${error.template}`,
      error.evidence,
    ),
  ];
}

/** The other thing that a deployment changes; nothing here when every setting is the same. */
export function settingsWhys(settings: readonly DifferingSettings[]): Why[] {
  if (settings.length === 0) return [];
  const told = settings.map(
    ({ service, names, sameCode }) => `${service}: ${listed(names)}${sameCode ? ', and the code is the same' : ''}`,
  );
  return [why('Which settings differ between the two revisions?', `${told.join('; ')}.`, evidenceOf(settings))];
}

/** Without another commit it can only be a setting; several of them are as equal as two suspects with one score. */
export function whichSetting(settings: readonly DifferingSettings[]): Why | null {
  const names = settings.flatMap((one) => one.names.map((name) => `${name} of ${one.service}`));
  if (names.length === 0 || !settings.every((one) => one.sameCode)) return null;
  const question = 'Which change does that?';
  if (names.length > 1) return unknown(question, `Not known: no commit differs, and ${listed(names)} do.`);
  return why(
    question,
    `The setting ${names[0]}: nothing else differs between the two revisions.`,
    evidenceOf(settings),
  );
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, settingsShown).join(', ')}${moreThan(settingsShown, names.length)}`;
}

const settingsShown = 5;

function whichChange({ suspects, settings }: WhyFacts): Why {
  const question = 'Which change does that?';
  const [first, second] = suspects;
  if (first === undefined) {
    return (
      whichSetting(settings) ??
      unknown(question, 'Not known: no commit between the two revisions is tied to the failures.')
    );
  }
  if (second !== undefined && second.score === first.score) {
    return unknown(question, `Not known: ${nameOf(first)} and ${nameOf(second)} are tied to the failures equally.`);
  }
  const place = first.path === null ? '' : ` at ${first.path}${first.line === null ? '' : `:${first.line}`}`;
  const reason = first.reasons.length === 0 ? '' : `: it ${first.reasons.slice(0, 2).join('; it ')}`;
  const of = suspects.length === 1 ? 'The only suspect' : `The first of ${suspects.length} suspects`;
  return why(question, `${of} is ${nameOf(first)}${place}${reason}.`, first.evidence);
}

function whatIsDown({ down }: WhyFacts): Why {
  const question = 'What do both revisions have in common?';
  if (down === null) return unknown(question, 'Not known: the environment, the tests or an older fault.');
  return why(question, down.what, down.evidence);
}

function whySurvived({ survived }: WhyFacts): Why {
  const question = 'Why did it survive testing?';
  return survived === null ? unknown(question, 'Not known.') : why(question, survived.claim, survived.evidence);
}

const brokenTest =
  /Cannot find (?:module|package)|ERR_MODULE_NOT_FOUND|ModuleNotFoundError|ImportError|fixture '.*' not found|SyntaxError/;

/** `product` where nothing says otherwise: what is red is the product, and the chain says how much of that is known. */
function classOf({ group, suspects, settings, down }: WhyFacts): CauseClass {
  if (group.means === 'flaky' || group.means === 'not-reproduced') return 'flaky';
  if (group.means === 'environment-or-older') {
    return down === null && group.reds.every(({ test }) => brokenTest.test(test.message)) ? 'test' : 'environment';
  }
  if (group.means === 'revision' && suspects.length === 0 && whichSetting(settings) !== null) return 'config';
  const path = group.means === 'revision' ? suspects[0]?.path : null;
  return path && kindOfPath(path) === 'settings' ? 'config' : 'product';
}

function titleOf({ suite, says, reds }: FailureGroup): string {
  const more = reds.length === 1 ? '' : ` (and ${reds.length - 1} more)`;
  const room = titleCharsMax - suite.length - more.length - 2;
  return `${suite}: ${says.length > room ? `${says.slice(0, room - 1)}…` : says}${more}`;
}

function nameOf({ commit, title }: Suspect): string {
  return `commit ${commit.slice(0, 10)} "${title}"`;
}

function moreThan(shown: number, all: number): string {
  return all > shown ? `; and ${all - shown} more` : '';
}

function evidenceOf(facts: readonly { readonly evidence: readonly string[] }[]): string[] {
  return [...new Set(facts.flatMap((fact) => fact.evidence))];
}

function why(question: string, claim: string, evidence: readonly string[]): Why {
  return { question, claim, status: evidence.length > 0 ? 'supported' : 'unknown', evidence: [...evidence] };
}

function unknown(question: string, claim: string): Why {
  return { question, claim, status: 'unknown', evidence: [] };
}
