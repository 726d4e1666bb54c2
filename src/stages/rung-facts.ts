import { allocationDiffers } from '../core/allocation.ts';
import type { RungFact } from '../core/ladder.ts';
import type { Health } from '../core/record.ts';
import type { RevisionFacts, ServiceFacts } from '../ports/deployer.ts';

type Told = Pick<
  RevisionFacts,
  'name' | 'image' | 'digest' | 'digestFrom' | 'ready' | 'reason' | 'message' | 'createdAt'
>;

/** What the platform proves of a revision by having it; `digest` is the builder's, where it built the image. */
export function revisionRungs(
  revision: Told,
  service: Pick<ServiceFacts, 'latestCreated' | 'latestReady'> | null,
  evidence: readonly string[],
): RungFact[] {
  return [
    { rung: 'BUILT', ...built(revision), evidence },
    {
      rung: 'REVISION_CREATED',
      proven: true,
      because: `the platform has it since ${revision.createdAt || 'an unknown time'}`,
      evidence,
    },
    { rung: 'READY', ...ready(revision, service), evidence },
  ];
}

type Proof = Pick<RungFact, 'proven' | 'because'>;

/** A container that was started was pulled, whatever its digest: the platform's own reason tells so even of one that failed. */
function built({ image, digest, digestFrom, ready, reason }: Told): Proof {
  if (digest !== null) return { proven: true, because: `image ${digest}, read from the ${digestFrom ?? 'builder'}` };
  const started = ready || reason === 'HEALTH_CHECK_CONTAINER_ERROR';
  const unknown = `its digest is unknown: ${image} names none`;
  return { proven: started, because: started ? `the platform started the image; ${unknown}` : unknown };
}

function ready(revision: Told, service: Parameters<typeof revisionRungs>[1]): Proof {
  if (!revision.ready)
    return {
      proven: false,
      because: [revision.reason, revision.message].filter(Boolean).join(': ') || 'the platform does not call it ready',
    };
  const { latestCreated, latestReady } = service ?? {};
  const condition = 'its condition Ready has succeeded';
  if (!latestCreated || latestCreated === latestReady) return { proven: true, because: condition };
  return {
    proven: true,
    because: `${condition}; the latest created revision ${latestCreated} is not the latest ready one, ${latestReady ?? 'none'}`,
  };
}

/** What serves: everything is allocated as it was asked for, read back from the platform. */
export function stableTraffic(
  { asked, traffic }: Pick<ServiceFacts, 'asked' | 'traffic'>,
  revision: string,
  evidence: readonly string[],
): RungFact {
  const differs = allocationDiffers(asked, traffic);
  const own = traffic.filter((one) => one.revision === revision && one.percent > 0);
  const percent = own.reduce((sum, one) => sum + one.percent, 0);
  const how = own.some((one) => one.latest) ? ' as LATEST' : '';
  return {
    rung: 'TRAFFIC',
    proven: differs === null,
    because: differs ?? `serves ${percent} %${how}, as asked`,
    evidence,
  };
}

/** A candidate where it was asked for: under its tag without traffic, or with all of it; one that served before may go on. */
export function candidateTraffic(
  { traffic }: Pick<ServiceFacts, 'traffic'>,
  asked: { readonly revision: string; readonly tag: string | null; readonly servedBefore: boolean },
  evidence: readonly string[],
): RungFact {
  const own = traffic.filter((one) => one.revision === asked.revision);
  const percent = own.reduce((sum, one) => sum + one.percent, 0);
  const serves = (proven: boolean, because: string): RungFact => ({ rung: 'TRAFFIC', proven, because, evidence });
  const is = `${percent} %${own.some((one) => one.tag === asked.tag && asked.tag !== null) ? ` under tag ${asked.tag}` : ''}`;
  if (asked.servedBefore && percent > 0) return serves(true, `serves ${percent} %, as it did before`);
  if (asked.tag === null) {
    return percent === 100
      ? serves(true, 'serves 100 %, as asked')
      : serves(false, `asked for was 100 %, it serves ${percent} %`);
  }
  const tagged = own.some((one) => one.tag === asked.tag);
  if (tagged && percent === 0) return serves(true, `${is}, as asked`);
  return serves(
    false,
    `asked for was 0 % under tag ${asked.tag}, it serves ${tagged ? is : `${percent} % without that tag`}`,
  );
}

/** Healthy is what answered every check of its own side in this run. */
export function healthRung(rows: readonly Pick<Health, 'ok' | 'target' | 'because' | 'evidence'>[]): RungFact[] {
  if (rows.length === 0) return [];
  const evidence = [...new Set(rows.flatMap((one) => one.evidence))];
  const sick = rows.find((one) => !one.ok);
  const targets = rows.map((one) => one.target).join(', ');
  return [
    {
      rung: 'HEALTHY',
      proven: sick === undefined,
      because: sick ? `${sick.target}: ${sick.because}` : `answers as wanted: ${targets}`,
      evidence,
    },
  ];
}
