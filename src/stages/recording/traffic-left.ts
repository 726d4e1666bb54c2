import type { Problem, RunRecord, TrafficMove } from '../../core/record.ts';
import { allows } from '../../core/words.ts';
import type { ServiceFacts } from '../../ports/deployer.ts';
import type { StageRun } from '../../ports/stage.ts';
import { pinnedByLoop, rememberPinnedTo } from '../allocation-kind.ts';
import { newerComesUp } from '../coming-up.ts';
import { readServices } from '../deploy-revision.ts';
import { moveTraffic, shareOf } from '../move-traffic.ts';
import type { StageParts } from '../parts.ts';

type Parts = Pick<StageParts, 'environment' | 'options' | 'deployer'>;

export interface TrafficLeft {
  /** Services that are served as LATEST again. */
  readonly moves: readonly TrafficMove[];
  /** Bad revisions that go on serving, because loop may not move them. */
  readonly problems: readonly Problem[];
  readonly next: RunRecord['next'];
}

/** What the run leaves behind on the platform, read once at its end: a bad revision that serves, a service that loop pinned. */
export async function trafficLeft(parts: Parts, run: StageRun): Promise<TrafficLeft> {
  const services = await readServices(parts, run.signal);
  if (!services.ok) return { moves: [], problems: [], next: [] };
  const moves: TrafficMove[] = [];
  const problems: Problem[] = [];
  const pinned: Pinned[] = [];
  for (const [service, { cloudRun }] of Object.entries(parts.environment.services)) {
    const facts = services.value.get(cloudRun);
    if (!facts || !run.record.deployments.some((one) => one.service === service)) continue;
    problems.push(...badThatServes(service, facts, parts, run));
    const kind = await restoreKind(service, facts, parts, run);
    if (kind?.move) moves.push(kind.move);
    if (kind?.pinned) pinned.push(kind.pinned);
  }
  return { moves, problems, next: pinned.length === 0 ? [] : [pinnedStep(pinned, parts)] };
}

interface Pinned {
  readonly service: string;
  readonly platform: string;
  readonly revision: string;
}

/** LATEST again where that is what serves; else the pin is remembered, so that the next promotion takes it away. */
async function restoreKind(
  service: string,
  facts: ServiceFacts,
  parts: Parts,
  run: StageRun,
): Promise<{ move?: TrafficMove; pinned?: Pinned } | null> {
  const { serving, latestReady, traffic, asked, name: platform } = facts;
  if (!allows(parts.options.level, 'propose') || serving === null) return null;
  if ([traffic, asked].every((shares) => shares.some((share) => share.latest && share.percent > 0))) {
    await run.memory.forgetPinned(service);
    return null;
  }
  if (!(await pinnedByLoop(service, serving, run))) return null;
  const isLatest = latestReady === serving && shareOf(traffic, serving) === 100;
  if (isLatest && !(await newerComesUp(facts, parts, run))) {
    const why = 'served as LATEST again, as it was found';
    const request = { key: `${run.key}/latest/${service}`, service, from: serving, to: serving, percent: 100, why };
    const moved = await moveTraffic({ ...request, decidedAt: run.now() }, parts, run);
    if (moved.ok && moved.move.allocation === 'latest') {
      await run.memory.forgetPinned(service);
      return { move: moved.move };
    }
  }
  await rememberPinnedTo(service, serving, run);
  return { pinned: { service, platform, revision: serving } };
}

function pinnedStep(pinned: readonly Pinned[], { options }: Parts): RunRecord['next'][number] {
  const names = pinned.map((one) => one.platform).join(', ');
  const because =
    'they are pinned by name while a newer revision is not proven: the next deployment of someone else reaches nobody without gcloud run services update-traffic SERVICE --to-latest';
  if (allows(options.level, 'act'))
    return { what: `serve ${names} as LATEST again with the next promotion`, who: 'loop', because };
  return { what: `after the next deployment, serve ${names} as LATEST again`, who: 'person', because };
}

/** Red here and green on the reference, and it serves: below level act nobody moves it but a person. */
function badThatServes(service: string, { name, traffic }: ServiceFacts, parts: Parts, run: StageRun): Problem[] {
  if (allows(parts.options.level, 'act')) return [];
  const bad = run.record.control.find(
    (one) => one.means === 'revision' && one.candidate !== null && shareOf(traffic, one.candidate.revision) > 0,
  );
  if (!bad?.candidate || !bad.reference) return [];
  const { environment, options } = parts;
  const where = `--region ${environment.region} --project ${environment.project}`;
  const { revision } = bad.candidate;
  return [
    {
      stage: 'recording',
      code: 'bad-with-traffic',
      message: `A BAD REVISION SERVES: ${revision} of ${service} is red (${bad.candidate.runs}) where ${bad.reference.revision} is green (${bad.reference.runs}), and level ${options.level} moves no traffic`,
      hint: `move it back: gcloud run services update-traffic ${name} --to-revisions ${bad.reference.revision}=100 ${where}`,
      blocks: false,
    },
  ];
}
