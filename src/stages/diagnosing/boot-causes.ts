import { fingerprintOf } from '../../analysis/fingerprint.ts';
import { type Cited, settingsWhys, whichSetting } from '../../analysis/why-chain.ts';
import type { Cause, Deployment, RedTest, Suspect, Why } from '../../core/record.ts';
import type { StageRun } from '../../ports/stage.ts';
import { bareCause } from './bare-cause.ts';
import { bootControl } from './boot-control.ts';
import { type Trouble, troubleOf } from './boot-trouble.ts';
import type { DiagnosingParts } from './diagnosing-parts.ts';
import { differingSettings } from './differing-settings.ts';
import { suspectsBetween } from './suspects-between.ts';
import { suspectsFrom } from './suspects-from.ts';

/** Candidates that did not come up, or came up sick, while the reference answers: the failing check itself is the control. */
export async function bootCauses(parts: DiagnosingParts, run: StageRun): Promise<Cause[]> {
  const candidates = run.record.deployments.filter((one) => one.role === 'candidate');
  const found = candidates.flatMap((deployment) => {
    const trouble = troubleOf(deployment, run);
    return trouble === null ? [] : [{ deployment, trouble }];
  });
  return Promise.all(found.map(({ deployment, trouble }) => bootCause(deployment, trouble, parts, run)));
}

async function bootCause(
  deployment: Deployment,
  trouble: Trouble,
  parts: DiagnosingParts,
  run: StageRun,
): Promise<Cause> {
  const { service } = deployment;
  const control = bootControl(deployment, trouble, parts, run);
  const stable = run.record.deployments.find((one) => one.service === service && one.role === 'stable');
  const red: RedTest = {
    id: 'boot',
    name: 'boot',
    outcome: 'errored',
    attempts: 'F',
    message: trouble.message,
    frames: [],
  };
  const request = {
    key: `${run.key}/boot/${service}`,
    reds: [red],
    servicePath: parts.environment.services[service]?.path ?? '',
    logMentions: [],
  };
  const suspects = control.blames
    ? await suspectsBetween({ ...request, from: suspectsFrom(stable, deployment, run.record) }, parts, run)
    : [];
  const settings = control.blames ? differingSettings([service], run.record) : [];
  const onlySetting = suspects.length === 0 ? whichSetting(settings) : null;
  const example = exampleEntry(deployment);
  const whys: Why[] = [
    supported('Why is the run red?', `The candidate of ${service} ${trouble.words}`, [...trouble.evidence]),
    control.why,
    ...settingsWhys(settings),
    ...(example.length > 0 ? example : lastWords(parts.environment.services[service]?.cloudRun ?? service, run)),
    onlySetting ?? whichCommit(suspects),
  ];
  return {
    ...bareCause(
      fingerprintOf(['boot', service, deployment.failure?.boot?.class ?? deployment.failure?.code ?? 'health']),
      onlySetting === null ? 'product' : 'config',
      shortTitle(`${service} ${trouble.words}`),
    ),
    priority: 'P1',
    services: [service],
    suspects: suspects.map(({ evidence: _cited, ...suspect }) => suspect),
    whys,
  };
}

function whichCommit(suspects: readonly Cited<Suspect>[]): Why {
  const question = 'Which change does that?';
  const [first] = suspects;
  if (!first) return supported(question, 'Not known: no commit between the two revisions is tied to it.', []);
  const claim = `First of ${suspects.length} suspects: ${first.commit.slice(0, 10)} "${first.title}"`;
  return supported(question, claim, [...first.evidence]);
}

/** What its own log told before it ended, word for word: its first error, else its last word. */
function exampleEntry({ failure }: Deployment): Why[] {
  const own = (failure?.boot?.lastEntries ?? []).filter((text) => !platformLine.test(text) && !text.startsWith('at '));
  const last = own.find((text) => errorLine.test(text)) ?? own.at(-1);
  return last === undefined ? [] : [supported('What does its log say?', last, [...(failure?.boot?.evidence ?? [])])];
}

/** The platform's own lines tell that it ended, not why. */
const platformLine = /^(?:Container (?:called|terminated)|Starting new instance|Default STARTUP)/;

const errorLine = /^[\w.]*(?:Error|Exception)\b|^panic: /;

/** What its own log says while it fails: the first group that the reference has never logged. */
function lastWords(name: string, run: StageRun): Why[] {
  const clusters = (run.record.logs?.clusters ?? []).filter((one) => one.status === 'new' && one.root === null);
  const said = clusters.find((one) => one.service === name);
  if (!said) return [];
  return [supported('What does its log say?', said.template, [...said.evidence])];
}

const titleCharsMax = 160;

/** Cut between two words, and seen to be cut. */
function shortTitle(text: string): string {
  if (text.length <= titleCharsMax) return text;
  return `${text.slice(0, titleCharsMax - 1).replace(/\s+\S*$/, '')}…`;
}

function supported(question: string, claim: string, evidence: string[]): Why {
  return { question, claim, status: evidence.length > 0 ? 'supported' : 'unknown', evidence };
}
