import { compareEvents, type EventDifference } from '../../analysis/event-differences.ts';
import { type FailureGroup, groupFailures, type RedInSuite } from '../../analysis/failure-groups.ts';
import { type Cited, whyChain } from '../../analysis/why-chain.ts';
import { unexcusedRed } from '../../core/excused-tests.ts';
import type { Cause, Control, Suspect } from '../../core/record.ts';
import type { StageRun } from '../../ports/stage.ts';
import { testKey } from '../cause-tests.ts';
import { storedLogEntries } from '../stored-log-entries.ts';
import { bareCause } from './bare-cause.ts';
import type { DiagnosingParts } from './diagnosing-parts.ts';
import { differingSettings } from './differing-settings.ts';
import { suspectsBetween } from './suspects-between.ts';
import { suspectsFrom } from './suspects-from.ts';
import { testLogs } from './test-logs.ts';

/** Red tests grouped into causes, each with its whys; what the control cleared is left out. */
export async function testCauses(parts: DiagnosingParts, run: StageRun): Promise<Cause[]> {
  const groups = groupFailures(redsOf(run));
  const causes: Cause[] = [];
  for (const group of groups) causes.push(await causeOf(group, parts, run));
  return causes;
}

function redsOf(run: StageRun): RedInSuite[] {
  const suites = run.record.phases.flatMap((phase) => phase.suites.filter((suite) => suite.verdict !== 'INVALID'));
  return suites.flatMap((suite) =>
    unexcusedRed(suite).map((test) => {
      const control = run.record.control.find((one) => one.suite === suite.name && one.test === test.id);
      return {
        suite: suite.name,
        service: suite.service,
        priority: suite.priority,
        means: control?.means ?? 'impossible',
        test,
      };
    }),
  );
}

async function causeOf(group: FailureGroup, parts: DiagnosingParts, run: StageRun): Promise<Cause> {
  const controls = run.record.control.filter((one) =>
    group.reds.some((red) => red.suite === one.suite && red.test.id === one.test),
  );
  const differences = group.means === 'revision' ? await differencesOf(group, parts, run) : [];
  const suspects = group.means === 'revision' ? await suspectsOf(group, controls, differences, parts, run) : [];
  const chain = whyChain({
    group,
    reportEvidence: [...reportEvidence(group, run), ...(await testLogs(group, run))],
    controls,
    eventDifferences: differences,
    newErrors: newErrors(group, parts, run),
    suspects,
    settings: group.means === 'revision' ? differingSettings(group.services, run.record) : [],
    down: null,
    survived: null,
  });
  const [first, ...others] = suspects;
  return {
    ...bareCause(await knownFingerprint(group, run), chain.class, chain.title),
    priority: group.priority,
    suite: group.suite,
    tests: group.reds.map((red) => testKey(red.suite, red.test.id)),
    services: [...group.services],
    suspects: suspects.map(({ evidence: _cited, ...suspect }) => suspect),
    whys: [...chain.whys],
    survived: chain.survived,
    rejected: others.map(
      (one) => `${one.commit.slice(0, 12)} "${one.title}": score ${one.score}, behind ${first?.score}`,
    ),
    options: first ? options(first) : [],
  };
}

/** A cause outlives runs: where one of the group's ways to fail is known already, that name is kept. */
async function knownFingerprint(group: FailureGroup, run: StageRun): Promise<string> {
  for (const alias of [group.fingerprint, ...group.aliases]) if (await run.memory.cause(alias)) return alias;
  return group.fingerprint;
}

async function differencesOf(
  group: FailureGroup,
  parts: DiagnosingParts,
  run: StageRun,
): Promise<Cited<EventDifference>[]> {
  const { entries, evidence } = await storedLogEntries(run);
  if (!evidence) return [];
  const names = group.services.map((service) => parts.environment.services[service]?.cloudRun ?? service);
  const of = (role: 'candidate' | 'stable') => {
    const revisions = run.record.deployments
      .filter((one) => one.role === role && group.services.includes(one.service))
      .map((one) => one.revision);
    return entries.filter((entry) => names.includes(entry.service ?? '') && revisions.includes(entry.revision));
  };
  return compareEvents({ candidate: of('candidate'), reference: of('stable') }).map((one) => ({
    ...one,
    evidence: [evidence],
  }));
}

function suspectsOf(
  group: FailureGroup,
  controls: readonly Control[],
  differences: readonly EventDifference[],
  parts: DiagnosingParts,
  run: StageRun,
): Promise<Cited<Suspect>[]> {
  const reference = controls[0]?.reference?.revision;
  const stable = run.record.deployments.find(
    (one) => one.service === group.service && one.role === 'stable' && one.revision === reference,
  );
  const candidate = run.record.deployments.find((one) => one.service === group.service && one.role === 'candidate');
  return suspectsBetween(
    {
      key: `${run.key}/suspects/${group.fingerprint}`,
      from: suspectsFrom(stable, candidate, run.record),
      reds: group.reds.map((red) => red.test),
      servicePath: parts.environment.services[group.service]?.path ?? '',
      logMentions: [...new Set(differences.flatMap(({ gone, added }) => [...gone, ...added]))],
    },
    parts,
    run,
  );
}

function reportEvidence(group: FailureGroup, run: StageRun): string[] {
  const names = new Set(group.reds.map((red) => red.suite));
  return run.record.phases.flatMap((phase) =>
    phase.suites.filter((suite) => names.has(suite.name)).flatMap((suite) => suite.evidence),
  );
}

function newErrors(group: FailureGroup, parts: DiagnosingParts, run: StageRun) {
  const names = group.services.map((service) => parts.environment.services[service]?.cloudRun ?? service);
  return (run.record.logs?.clusters ?? [])
    .filter(
      (cluster) =>
        cluster.status === 'new' &&
        names.includes(cluster.service) &&
        ['ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY'].includes(cluster.severity),
    )
    .map(({ template, service, count, evidence }) => ({ template, service, count, evidence }));
}

function options(first: Suspect): Cause['options'] {
  const what = `revert commit ${first.commit.slice(0, 12)} "${first.title}"`;
  return [
    { what, loses: 'what that commit was for', measuredMinutes: null, recommended: true },
    {
      what: `change ${first.path ?? 'the code'} forward`,
      loses: 'nothing, but a person must write it',
      measuredMinutes: null,
      recommended: false,
    },
  ];
}
