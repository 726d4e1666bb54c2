import type { Deployment } from '../core/record.ts';
import type { StageRun } from '../ports/stage.ts';
import type { CommandTime } from './foreign-calls.ts';
import type { StageParts } from './parts.ts';
import { servicesInScope } from './scope.ts';
import { afterMove, splitOf } from './traffic-split.ts';

/** What a service stood on when this run read it: whatever differs now, and is not our own doing, someone else changed. */
export interface Ground {
  readonly service: string;
  /** The platform's name of it. */
  readonly platform: string;
  /** Whether a selected suite needs it. */
  readonly needed: boolean;
  /** Milliseconds since the epoch: when it was read, or when a change of it was told last. */
  readonly since: number;
  /** What it should serve: what it did when it was read, or what this run has moved it to since; null where it was not read. */
  readonly expected: ReadonlyMap<string, number> | null;
  /** Revisions that this run read or made. */
  readonly known: readonly string[];
  /** When a deploy command of ours was at work on it. */
  readonly command: CommandTime | null;
}

/** The ground of every service of the environment, those that no suite needs included. */
export async function groundOf(parts: Pick<StageParts, 'environment' | 'selection'>, run: StageRun): Promise<Ground[]> {
  const needed = servicesInScope(parts.selection, parts.environment.services);
  const reads = await Promise.all(needed.map(async (name) => [name, await readAt(stableOf(name, run), run)] as const));
  const read = new Map(reads);
  const started = Date.parse(run.record.run.startedAt);
  const earliest = Math.min(...reads.map(([, at]) => at ?? Number.POSITIVE_INFINITY));
  return Promise.all(
    Object.entries(parts.environment.services).map(async ([service, { cloudRun: platform }]) => {
      const at = read.get(service) ?? (Number.isFinite(earliest) ? earliest : started);
      const told = run.record.foreignChanges.filter((one) => one.service === service).map((one) => Date.parse(one.at));
      return {
        service,
        platform,
        needed: needed.includes(service),
        since: Math.max(at, ...told),
        expected: expectedSplit(stableOf(service, run), at, run),
        known: run.record.deployments.flatMap((one) => one.revision ?? []),
        command: await commandTime(service, platform, at, run),
      };
    }),
  );
}

function stableOf(service: string, run: StageRun): Deployment | undefined {
  return run.record.deployments.find((one) => one.service === service && one.role === 'stable');
}

async function readAt(stable: Deployment | undefined, run: StageRun): Promise<number | null> {
  const evidence = await run.evidence(stable?.evidence[0] ?? '');
  return evidence === null ? null : Date.parse(evidence.at);
}

function expectedSplit(stable: Deployment | undefined, at: number, run: StageRun): Ground['expected'] {
  if (!stable) return null;
  return run.record.trafficMoves
    .filter((move) => move.service === stable.service && Date.parse(move.at) >= at)
    .reduce(afterMove, splitOf(stable.traffic));
}

/** From when the service was read to the last proof of what the command made: its calls carry no name that is ours. */
async function commandTime(
  service: string,
  platform: string,
  from: number,
  run: StageRun,
): Promise<CommandTime | null> {
  const made = run.record.deployments.find((one) => one.service === service && one.how === 'command');
  const proofs = await Promise.all((made?.evidence ?? []).map((id) => run.evidence(id)));
  const ends = proofs.flatMap((one) => (one === null ? [] : [Date.parse(one.at)]));
  return ends.length === 0 ? null : { service: platform, from, to: Math.max(...ends) };
}
