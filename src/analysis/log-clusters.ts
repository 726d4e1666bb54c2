import type { LogCluster } from '../core/record.ts';
import type { LogEntry } from '../ports/logs.ts';
import { rootOf, rootsOfCrashes } from './crash-roots.ts';
import { type Boots, countBoots } from './log-boots.ts';
import { groupBySignature, type LogGroup } from './log-groups.ts';
import { inOrder } from './log-order.ts';
import { isAudit, isErrorLevel, levelRank, textOf } from './log-signature.ts';

/** A cluster as the record holds it, without its evidence, and what an analysis needs besides. */
export type FoundCluster = Omit<LogCluster, 'evidence'> & {
  /** The severity; what the text says where no entry carries one. */
  readonly level: string;
  readonly isError: boolean;
  readonly exception: string | null;
  /** The oldest entries, at most five. */
  readonly insertIds: readonly string[];
  /** The oldest entry's text as it was logged, at most 1,000 characters. */
  readonly sample: string;
};

type BaselineCluster = Pick<LogCluster, 'fingerprint' | 'template' | 'service' | 'severity' | 'firstAt' | 'lastAt'>;

export interface ClusterRequest {
  readonly entries: readonly LogEntry[];
  /** Clusters of good runs: what is among them is `persisting`, what is missing is `gone`. */
  readonly baseline?: readonly BaselineCluster[];
  /** Fingerprints that belong to a recorded cause. On a newer revision one of them means: the fix did not work. */
  readonly known?: ReadonlySet<string>;
  /** False when the answer was cut: then nothing is called `gone`. */
  readonly complete?: boolean;
}

export interface ClusterAnswer {
  /** The most severe first, then the most frequent. */
  readonly clusters: readonly FoundCluster[];
  /** Audit entries, oldest first: who changed what. */
  readonly timeline: readonly LogEntry[];
  /** Entries without text, JSON and request: many of them mean that the extraction lost its payloads. */
  readonly withoutPayload: number;
}

const insertIdsMax = 5;
const sampleCharsMax = 1000;

/**
 * Groups entries by service, severity, exception class and masked message; the order of the entries does not matter.
 * `count` counts occurrences: in a boot that crashed a cluster occurs once, however many lines tell of it.
 * `root` is the fingerprint of the cluster that such boots began to fail with, null for that one itself.
 * Requests below 500 make no cluster.
 */
export function clusterLogs(request: ClusterRequest): ClusterAnswer {
  const ordered = inOrder(request.entries);
  const entries = ordered.filter((entry) => !isAudit(entry));
  const boots = countBoots(entries);
  const groups = groupBySignature(entries);
  const roots = rootsOfCrashes(groups, boots);
  const found = groups.map((group) => ({
    ...countGroup(group, boots),
    status: statusOf(group.fingerprint, request),
    root: rootOf(group, boots, roots),
  }));
  return {
    clusters: [...found, ...goneClusters(found, entries, request)].sort(bySeverityAndCount),
    timeline: ordered.filter(isAudit),
    withoutPayload: entries.filter((entry) => textOf(entry) === null && entry.request === null).length,
  };
}

function countGroup(group: LogGroup, boots: Boots): Omit<FoundCluster, 'status' | 'root'> {
  const { fingerprint, signature, service, entries } = group;
  const [first] = entries;
  const bootNames = entries.map((entry) => boots.bootOf(entry));
  return {
    fingerprint,
    template: signature.template,
    count: new Set(bootNames.map((boot, at) => (boot !== null && boots.crashed(boot) ? boot : at))).size,
    boots: new Set(bootNames.filter((boot) => boot !== null)).size,
    firstAt: first.at,
    lastAt: (entries.at(-1) ?? first).at,
    severity: highest(entries.map((entry) => entry.severity || 'DEFAULT')),
    service,
    revision: entries.every((entry) => entry.revision === first.revision) ? first.revision : null,
    level: signature.level,
    isError: isErrorLevel(signature.level),
    exception: signature.exception,
    insertIds: entries.slice(0, insertIdsMax).map((entry) => entry.insertId),
    sample: (textOf(first) || signature.template).slice(0, sampleCharsMax),
  };
}

function highest(severities: readonly string[]): string {
  return severities.reduce((a, b) => (levelRank(b) > levelRank(a) ? b : a));
}

function statusOf(fingerprint: string, { known, baseline }: ClusterRequest): LogCluster['status'] {
  if (known?.has(fingerprint)) return 'known';
  return baseline?.some((cluster) => cluster.fingerprint === fingerprint) ? 'persisting' : 'new';
}

/** Silence proves nothing: only a service that logged in a complete window can have lost a cluster. */
function goneClusters(
  found: readonly { readonly fingerprint: string }[],
  entries: readonly LogEntry[],
  { baseline = [], complete = true }: ClusterRequest,
): FoundCluster[] {
  if (!complete) return [];
  const here = new Set(found.map(({ fingerprint }) => fingerprint));
  const speaking = new Set(entries.map((entry) => entry.service ?? 'unknown'));
  return baseline
    .filter(({ fingerprint, service }) => !here.has(fingerprint) && speaking.has(service))
    .map(({ fingerprint, template, service, severity, firstAt, lastAt }) => ({
      ...{ fingerprint, template, service, severity, firstAt, lastAt, level: severity, sample: template },
      ...{ count: 0, boots: 0, status: 'gone' as const, revision: null, root: null, exception: null, insertIds: [] },
      isError: isErrorLevel(severity),
    }));
}

function bySeverityAndCount(a: FoundCluster, b: FoundCluster): number {
  return levelRank(b.level) - levelRank(a.level) || b.count - a.count || (a.fingerprint < b.fingerprint ? -1 : 1);
}
