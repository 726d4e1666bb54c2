import { blankMove } from '../core/blank-rows.ts';
import type { TrafficMove } from '../core/record.ts';
import type { Failure, Result } from '../core/result.ts';
import type { ServiceFacts } from '../ports/deployer.ts';
import { plain, proven } from '../ports/journal.ts';
import type { StageRun } from '../ports/stage.ts';
import { pinnedNote, rememberKind, rememberPinnedTo, wasLatest } from './allocation-kind.ts';
import { askedShareOf, askedToServe } from './coming-up.ts';
import type { StageParts } from './parts.ts';
import { afterMove, isSameSplit, splitOf } from './traffic-split.ts';

type Traffic = ServiceFacts['traffic'];

/** `traffic` is the whole allocation as it was read back. */
export type Moved = { ok: true; move: TrafficMove; traffic: Traffic } | { ok: false; failure: Failure };

interface MoveRequest {
  readonly key: string;
  readonly service: string;
  readonly from: string;
  readonly to: string;
  /** Of `to`, from 1 to 100; the rest stays where it was, in its proportions. */
  readonly percent: number;
  readonly why: string;
  /** What must serve now, else someone else has moved it and the answer is `conflict`; absent where traffic must move whatever serves. */
  readonly expected?: Traffic;
  /** Never as LATEST: a newer revision that is still coming up would take everything. */
  readonly byName?: boolean;
  /** When it was decided: how long users waited is counted from there. */
  readonly decidedAt: Date;
}

/**
 * Moves a service's traffic once for its key, reads it back, and keeps what it saw as evidence. A service that was served as
 * LATEST is so again when everything goes to its latest revision; where that cannot be, a note says what the next deployment
 * will miss.
 */
export async function moveTraffic(
  request: MoveRequest,
  parts: Pick<StageParts, 'environment' | 'deployer'>,
  run: StageRun,
): Promise<Moved> {
  const { key, service, to, percent, expected } = request;
  const platform = parts.environment.services[service]?.cloudRun ?? service;
  const unpin = percent === 100 && (await wasLatest(service, run));
  const latest = unpin && request.byName !== true;
  return run.journal.effect<Moved>(
    key,
    { service, to, percent },
    {
      find: async () => {
        const now = await parts.deployer.services([platform], run.signal);
        const facts = now.ok ? now.value.get(platform) : undefined;
        await rememberKind(service, facts, run);
        if (!facts || !isMoved(facts.traffic, request) || !isSettled(facts, request)) return null;
        if (latest && canBeLatest(facts, to)) return null;
        return told({ ok: true, value: facts }, { ...request, platform, latest: unpin, tookMs: null }, run);
      },
      perform: async () => {
        const moved = await parts.deployer.moveTraffic(
          { key, service: platform, revision: to, percent, latest, ...(expected ? { expected } : {}) },
          run.signal,
        );
        const pinned = moved.ok && !moved.value.traffic.some((share) => share.latest && share.percent > 0);
        if (pinned && unpin) await rememberPinnedTo(service, to, run);
        const tookMs = run.now().getTime() - request.decidedAt.getTime();
        return told(moved, { ...request, platform, latest: unpin, tookMs }, run);
      },
    },
  );
}

async function told(
  answer: Result<ServiceFacts>,
  request: MoveRequest & { platform: string; latest: boolean; tookMs: number | null },
  run: StageRun,
) {
  if (!answer.ok) return plain<Moved>({ ok: false, failure: answer.failure });
  const { service, platform, from, to, percent, why, latest, tookMs } = request;
  const at = run.now().toISOString();
  const { traffic } = answer.value;
  const asLatest = traffic.some((share) => share.latest && share.percent > 0 && share.revision === to);
  const artifact = await run.artifacts.put({
    kind: 'traffic',
    source: `Cloud Run: traffic of ${platform}, read back`,
    at,
    content: JSON.stringify({ service: platform, from, to, percent, why, tookMs, traffic }, null, 2),
    excerpt: `${platform} serves ${to} ${shareOf(traffic, to)} %`,
  });
  return proven<Moved>(artifact, (evidence) => ({
    ok: true,
    traffic,
    move: {
      ...blankMove,
      at,
      service,
      from,
      to,
      percent,
      allocation: asLatest ? 'latest' : 'revision',
      tookMs,
      note: latest && !asLatest ? pinnedNote(platform, to) : null,
      why,
      verified: shareOf(traffic, to) === percent,
      evidence: [evidence],
    },
  }));
}

/** Percent of the traffic that a revision gets, by name and as the latest one. */
export function shareOf(traffic: Traffic, revision: string): number {
  return traffic.reduce((sum, share) => sum + (share.revision === revision ? share.percent : 0), 0);
}

/** Where it is known what served before, the others must have their shares too: the same percentage may be someone else's move. */
function isMoved(traffic: Traffic, move: Pick<MoveRequest, 'to' | 'percent' | 'expected'>): boolean {
  if (shareOf(traffic, move.to) !== move.percent) return false;
  return !move.expected || isSameSplit(splitOf(traffic), afterMove(splitOf(move.expected), move));
}

/** What is served is what shall be: a share that another revision was promised comes to it by itself. */
function isSettled(facts: ServiceFacts, { to, percent }: MoveRequest): boolean {
  if (shareOf(facts.traffic, to) !== percent) return false;
  return askedToServe(facts).every((revision) => shareOf(facts.traffic, revision) === askedShareOf(facts, revision));
}

function canBeLatest({ traffic, latestReady }: ServiceFacts, revision: string): boolean {
  return latestReady === revision && !traffic.some((share) => share.latest && share.percent > 0);
}
