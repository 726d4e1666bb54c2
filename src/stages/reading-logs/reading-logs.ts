import { clusterLogs, type FoundCluster } from '../../analysis/log-clusters.ts';
import { counted } from '../../core/count-words.ts';
import { climb } from '../../core/ladder.ts';
import type { Deployment, LogCluster, Logs } from '../../core/record.ts';
import { plain, proven } from '../../ports/journal.ts';
import type { LogAnswer, LogEntry } from '../../ports/logs.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import { readServices } from '../deploy-revision.ts';
import type { StageParts } from '../parts.ts';
import { servicesInScope } from '../scope.ts';
import { testedCandidates } from '../tested-candidates.ts';
import { type OwnLog, ownLogs, stableRung } from './stable-rung.ts';

type Parts = Pick<StageParts, 'environment' | 'pipeline' | 'selection' | 'logs' | 'deployer'>;

const clustersShown = 20;
const dayMs = 24 * 3600 * 1000;

/** Reads what the services logged since the run began, and says how much of that window the answer really covers. */
export function readingLogs(parts: Parts): Stage<'readingLogs'> {
  return async (run) => {
    const stored = await readOnce(parts, run);
    const { logs } = stored;
    const deployments = await Promise.all(run.record.deployments.map((one) => withStable(one, stored, parts, run)));
    const somethingToMove = await movable(parts, run);
    const said = logs.unreadable
      ? `the logs could not be read: ${logs.unreadable}`
      : `${counted(logs.entries, 'entry', 'entries')}${logs.truncated ? ' (cut at the limit)' : ''}, ${sum(logs.clusters)} of them in ${counted(logs.clusters.length, 'group')} of messages${newWords(logs, run)}`;
    return { facts: { somethingToMove }, patch: { logs, deployments }, said, ok: logs.unreadable === null };
  };
}

interface Stored {
  readonly logs: Logs;
  readonly own: readonly OwnLog[];
}

async function readOnce(parts: Parts, run: StageRun): Promise<Stored> {
  const names = servicesInScope(parts.selection, parts.environment.services);
  const services = names.map((name) => parts.environment.services[name]?.cloudRun ?? name);
  return run.journal.step<Stored>(`${run.key}/entries`, { services }, async () => {
    const [from, to] = [run.record.run.startedAt, run.now().toISOString()];
    const requested = { from, to };
    run.progress('reading Cloud Logging');
    const answer = await parts.logs.read(
      { services, from, to, entriesMax: parts.environment.limits.logEntries },
      run.signal,
    );
    if (!answer.ok) {
      const nothing = {
        filter: '',
        window: { requested, covered: null },
        truncated: false,
        entries: 0,
        clusters: [],
        evidence: [],
      };
      return plain({ logs: { ...nothing, unreadable: answer.failure.message }, own: [] });
    }
    const { entries, filter, truncated } = answer.value;
    const unreadable = entries.length === 0 ? await controlQuery(services, parts, run) : null;
    const before = await earlierReference(services, from, parts, run);
    const excerpt = `${entries.length} entries; filter: ${filter}`;
    const content = JSON.stringify({ filter, truncated, requested, entries }, null, 1);
    const artifact = await run.artifacts.put({
      kind: 'log-entries',
      source: 'Cloud Logging',
      at: to,
      content,
      excerpt,
    });
    return proven(artifact, (id) => ({
      logs: {
        filter,
        window: { requested, covered: covered(answer.value) },
        truncated,
        entries: entries.length,
        unreadable,
        clusters: clustersOf(entries, { before, parts, run })
          .slice(0, clustersShown)
          .map((cluster) => recorded(cluster, id)),
        evidence: [id],
      },
      own: ownLogs(entries),
    }));
  });
}

/** An empty answer and a failed query look alike: a day's window tells whether there are logs at all. */
async function controlQuery(services: readonly string[], parts: Parts, run: StageRun): Promise<string | null> {
  const to = run.now();
  const from = new Date(to.getTime() - dayMs).toISOString();
  const answer = await parts.logs.read({ services, from, to: to.toISOString(), entriesMax: 1 }, run.signal);
  if (answer.ok && answer.value.entries.length > 0) return null;
  return 'no entry of these services in 24 hours: the query or the permissions may be wrong';
}

/** What was really seen: a cut answer covers less than it was asked for. */
function covered({ entries }: LogAnswer): { from: string; to: string } | null {
  const [first, last] = [entries[0], entries.at(-1)];
  if (!first || !last) return null;
  return { from: instant(first.at), to: instant(last.at) };
}

function instant(at: string): string {
  return new Date(at).toISOString();
}

/** What the reference logged in the day before: in this window it may not have been asked anything. */
async function earlierReference(
  services: readonly string[],
  to: string,
  parts: Parts,
  run: StageRun,
): Promise<readonly LogEntry[]> {
  const from = new Date(Date.parse(to) - dayMs).toISOString();
  const answer = await parts.logs.read(
    { services, from, to, entriesMax: parts.environment.limits.logEntries },
    run.signal,
  );
  const stable = run.record.deployments.filter((one) => one.role === 'stable').map((one) => one.revision);
  return answer.ok ? answer.value.entries.filter((entry) => stable.includes(entry.revision)) : [];
}

/** What the candidate logs and the reference, in this window and the day before, does not is new. */
function clustersOf(
  entries: readonly LogEntry[],
  { before, parts, run }: { before: readonly LogEntry[]; parts: Parts; run: StageRun },
): FoundCluster[] {
  const isCandidates = ofCandidates(parts, run);
  const ofCandidate = entries.filter(isCandidates);
  const ofReference = entries.filter((entry) => !isCandidates(entry));
  const reference = clusterLogs({ entries: [...before, ...ofReference] });
  if (ofCandidate.length === 0)
    return [...clusterLogs({ entries: ofReference, baseline: reference.clusters }).clusters];
  return [...clusterLogs({ entries: ofCandidate, baseline: reference.clusters, complete: false }).clusters];
}

/** A candidate that did not come up may have no revision in the record: what its service logs under no stable one is its own. */
function ofCandidates(parts: Parts, { record }: StageRun): (entry: LogEntry) => boolean {
  const named = (role: Deployment['role']) =>
    new Set(record.deployments.flatMap((one) => (one.role === role && one.revision !== null ? [one.revision] : [])));
  const [stable, candidates] = [named('stable'), named('candidate')];
  const nameless = record.deployments.filter((one) => one.role === 'candidate' && one.revision === null);
  const services = new Set(nameless.map(({ service }) => parts.environment.services[service]?.cloudRun ?? service));
  return ({ revision, service }) =>
    revision !== null && (candidates.has(revision) || (services.has(service ?? '') && !stable.has(revision)));
}

function recorded(cluster: FoundCluster, evidence: string): LogCluster {
  const { fingerprint, template, count, boots, firstAt, lastAt, severity, status, service, revision, root } = cluster;
  return {
    fingerprint,
    template,
    count,
    boots,
    firstAt: instant(firstAt),
    lastAt: instant(lastAt),
    severity,
    status,
    service,
    revision,
    root,
    evidence: [evidence],
  };
}

/** STABLE is looked at for what is up; its age is counted from the reading that told it. */
async function withStable(
  deployment: Deployment,
  { logs, own }: Stored,
  parts: Parts,
  run: StageRun,
): Promise<Deployment> {
  const { rung, revision, ageSeconds, evidence } = deployment;
  if (rung !== 'HEALTHY' || revision === null) return deployment;
  const read = await run.evidence(evidence[0] ?? '');
  const bornMs = read === null || ageSeconds === null ? null : Date.parse(read.at) - ageSeconds * 1000;
  const log = own.find((one) => one.revision === revision) ?? null;
  const { stableForSeconds } = parts.pipeline.deploy;
  return { ...deployment, ...climb(deployment, [stableRung(log, logs, { bornMs, stableForSeconds })]) };
}

async function movable(parts: Parts, run: StageRun): Promise<boolean> {
  const services = await readServices(parts, run.signal);
  if (!services.ok) return false;
  return testedCandidates(run.record).some(({ service, revision }) => {
    const serving = services.value.get(parts.environment.services[service]?.cloudRun ?? service)?.serving;
    return revision !== serving;
  });
}

/** Without a candidate nothing is held against a reference, and nothing is new on it. */
function newWords({ clusters }: Logs, { record }: StageRun): string {
  if (!record.deployments.some((one) => one.role === 'candidate')) return '';
  return `, ${count(clusters, 'new')} new on the candidate`;
}

function sum(clusters: readonly LogCluster[]): number {
  return clusters.reduce((entries, cluster) => entries + cluster.count, 0);
}

function count(clusters: readonly LogCluster[], status: LogCluster['status']): number {
  return clusters.filter((cluster) => cluster.status === status).length;
}
