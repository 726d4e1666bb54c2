import type { RunRecord, TrafficShare } from '../../core/record.ts';

/** What a service's users get, as it was last read back. */
export interface Serving {
  readonly service: string;
  /** `chat-backend-00001 100 %`; null when nobody could read it. */
  readonly revisions: string | null;
  /** False when traffic was moved and the new allocation could not be read back. */
  readonly proven: boolean;
  readonly evidence: readonly string[];
}

/** One line a service, in the order of the deployments: the last traffic move, else the last allocation that was read. */
export function servingNow(record: RunRecord): Serving[] {
  const services = [...record.deployments, ...record.trafficMoves].map((one) => one.service);
  return [...new Set(services)].map((service) => lastMove(record, service) ?? lastReading(record, service));
}

function lastMove(record: RunRecord, service: string): Serving | null {
  const moves = record.trafficMoves.filter((move) => move.service === service);
  const last = moves.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).at(-1);
  if (!last) return null;
  // A move is verified when its share of the traffic was read back on its target.
  const revisions = last.verified ? `${last.to} ${last.percent} %${beside(last)}` : last.to;
  return { service, revisions, proven: last.verified, evidence: last.evidence };
}

function beside({ from, percent, allocation }: RunRecord['trafficMoves'][number]): string {
  if (percent < 100) return ` + ${from} and others ${100 - percent} %`;
  return allocation === 'latest' ? ' (as LATEST)' : '';
}

function lastReading(record: RunRecord, service: string): Serving {
  const rows = record.deployments.filter((one) => one.service === service && one.traffic.some(carriesTraffic));
  const row = rows.find((one) => one.role === 'candidate') ?? rows[0];
  if (!row) return { service, revisions: null, proven: false, evidence: [] };
  const revisions = row.traffic.filter(carriesTraffic).map(shareWords).join(' + ');
  return { service, revisions, proven: true, evidence: row.evidence };
}

export function shareWords(share: TrafficShare): string {
  const name = share.revision ?? (share.latest ? 'LATEST' : 'unknown');
  return `${name} ${share.percent} %${share.tag === null ? '' : ` (tag ${share.tag})`}`;
}

function carriesTraffic(share: TrafficShare): boolean {
  return share.percent > 0;
}
