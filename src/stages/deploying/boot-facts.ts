import { bootFailureOf, tellsTheEnd } from '../../analysis/boot-failure.ts';
import { bootWords } from '../../core/boot-words.ts';
import type { BootFailure } from '../../core/record.ts';
import type { RevisionFacts } from '../../ports/deployer.ts';
import { proven } from '../../ports/journal.ts';
import type { LogEntry } from '../../ports/logs.ts';
import type { StageRun } from '../../ports/stage.ts';
import type { StageParts } from '../parts.ts';

type Parts = Pick<StageParts, 'pipeline' | 'deployer' | 'logs' | 'sleep'>;

export interface BootFacts {
  readonly boot: BootFailure;
  /** As the platform has it; null when it has no such revision. */
  readonly revision: RevisionFacts | null;
}

const entriesMax = 2_000;
const pauseMs = 500;
/** Clocks differ: what the platform dates a little later than we do is of this boot too. */
const clockSkewMs = 60_000;
/** Failures before any container was started: their revision will never log. */
const logless: readonly BootFailure['class'][] = ['wrong-image', 'not-executable'];

/** Why a revision did not come up: the platform's sentence, and that revision's own log, late entries waited for. */
export function bootFacts(
  request: { key: string; cloudRun: string; revision: string; message: string },
  parts: Parts,
  run: StageRun,
): Promise<BootFacts> {
  const { cloudRun, message } = request;
  return run.journal.step<BootFacts>(request.key, { revision: request.revision }, async () => {
    const read = await parts.deployer.revision(cloudRun, request.revision, run.signal);
    const revision = read.ok ? read.value : null;
    const { entries, filter, unreadable } = await settledLog({ ...request, revision }, parts, run);
    const found = bootFailureOf(entries, `${message} ${revision?.reason ?? ''}`);
    const artifact = await run.artifacts.put({
      kind: 'boot-log',
      source: `Cloud Run and Cloud Logging: revision ${request.revision}`,
      at: run.now().toISOString(),
      content: JSON.stringify({ message, revision, filter, unreadable, entries }, null, 1),
      excerpt: bootWords({ ...found, evidence: [] }) ?? message,
    });
    return proven(artifact, (evidence) => ({ boot: { ...found, evidence: [evidence] }, revision }));
  });
}

interface OwnLog {
  readonly entries: readonly LogEntry[];
  readonly filter: string;
  readonly unreadable: string | null;
}

async function settledLog(
  request: { cloudRun: string; revision: RevisionFacts | null; message: string },
  parts: Parts,
  run: StageRun,
): Promise<OwnLog> {
  const { revision, cloudRun } = request;
  if (revision === null) return { entries: [], filter: '', unreadable: 'the platform has no such revision' };
  const waits = !logless.includes(bootFailureOf([], request.message).class);
  const limitMs = waits ? parts.pipeline.logs.settleSeconds * 1000 : 0;
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    const log = await ownLog(cloudRun, revision, parts, run);
    if (waitedMs >= limitMs || log.unreadable !== null || tellsTheEnd(log.entries) || run.signal.aborted) return log;
    await parts.sleep(pauseMs, run.signal);
  }
}

async function ownLog(cloudRun: string, revision: RevisionFacts, parts: Parts, run: StageRun): Promise<OwnLog> {
  const query = {
    services: [cloudRun],
    revision: revision.name,
    from: revision.createdAt || run.record.run.startedAt,
    to: new Date(run.now().getTime() + clockSkewMs).toISOString(),
    entriesMax,
  };
  const answer = await parts.logs.read(query, run.signal);
  if (!answer.ok) return { entries: [], filter: '', unreadable: answer.failure.message };
  const entries = answer.value.entries.filter((entry) => entry.revision === revision.name);
  return { entries, filter: answer.value.filter, unreadable: null };
}
