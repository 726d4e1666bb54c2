import { blankMove } from '../core/blank-rows.ts';
import type { TrafficMove } from '../core/record.ts';
import type { Result } from '../core/result.ts';
import type { ServiceFacts } from '../ports/deployer.ts';
import { plain, proven } from '../ports/journal.ts';
import type { StageRun } from '../ports/stage.ts';
import type { StageParts } from './parts.ts';

type Moved = { ok: true; move: TrafficMove } | { ok: false; message: string };

/** Moves a service's traffic once for its key, reads it back, and keeps what it saw as evidence. */
export function moveTraffic(
  request: { key: string; service: string; from: string; to: string; why: string },
  parts: Pick<StageParts, 'environment' | 'deployer'>,
  run: StageRun,
): Promise<Moved> {
  const { key, service, from, to, why } = request;
  const platform = parts.environment.services[service]?.cloudRun ?? service;
  const told = async (answer: Result<ServiceFacts>) => {
    if (!answer.ok) return plain<Moved>({ ok: false, message: answer.failure.message });
    const at = run.now().toISOString();
    const content = JSON.stringify({ service: platform, from, to, why, traffic: answer.value.traffic }, null, 2);
    const source = `Cloud Run: traffic of ${platform}, read back`;
    const artifact = await run.artifacts.put({
      kind: 'traffic',
      source,
      at,
      content,
      excerpt: `${platform} serves ${answer.value.serving}`,
    });
    const verified = servesOnly(answer.value, to);
    return proven<Moved>(artifact, (evidence) => ({
      ok: true,
      move: { ...blankMove, at, service, from, to, why, verified, evidence: [evidence] },
    }));
  };
  return run.journal.effect<Moved>(
    key,
    { service, to },
    {
      find: async () => {
        const now = await parts.deployer.services([platform], run.signal);
        const facts = now.ok ? now.value.get(platform) : undefined;
        return facts && servesOnly(facts, to) ? told({ ok: true, value: facts }) : null;
      },
      perform: async () =>
        told(
          await parts.deployer.moveTraffic(
            { key, service: platform, revision: to, percent: 100, latest: false },
            run.signal,
          ),
        ),
    },
  );
}

/** All of the traffic: a revision that serves most of it is not there yet. */
function servesOnly({ traffic }: ServiceFacts, revision: string): boolean {
  const serving = traffic.filter((share) => share.percent > 0);
  return serving.length > 0 && serving.every((share) => share.revision === revision);
}
