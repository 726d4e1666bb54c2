import { blankHealth } from '../core/blank-rows.ts';
import { spreadOf } from '../core/percentiles.ts';
import type { Health } from '../core/record.ts';
import type { HealthAnswer, SeenAnswer } from '../ports/health.ts';
import { proven } from '../ports/journal.ts';
import type { StageRun } from '../ports/stage.ts';
import type { StageParts } from './parts.ts';

const retryMs = 500;
/** Of a body or a message the artefact keeps so much. */
const keptCharsMax = 2_048;
const serverCharsMax = 80;

/** Whom a row is about; the rest of it is what was seen. */
export type RowNames = Pick<Health, 'service' | 'role' | 'target' | 'dependency'>;

/** The last answer, and how often it was asked for one; each one before it was not healthy. */
type Looked = HealthAnswer & { readonly attempts?: number };

/** Asks once for its key and keeps as evidence what was asked for, what came back, and what that was judged to be. */
export function storedHealth(
  request: { key: string; input: unknown; names: RowNames; asked: object; ask: () => Promise<Looked> },
  rowOf: (names: RowNames, answer: HealthAnswer) => RowNames & { ok: boolean },
  run: StageRun,
): Promise<Health> {
  return run.journal.step(request.key, request.input, async () => {
    const answer = await request.ask();
    const seen = kept(answer.seen, (text) => run.redact(text));
    const server = seen.server?.slice(0, serverCharsMax) ?? null;
    const row = { ...blankHealth, ...rowOf(request.names, answer), ...measured(answer), server };
    const content = JSON.stringify({ ...row, ...request.asked, seen, samplesMs: answer.samplesMs }, null, 2);
    const what = row.dependency === null ? row.service : `${row.dependency}, told by ${row.service}`;
    const artifact = await run.artifacts.put({
      kind: 'health',
      source: `health of ${what} (${row.role}), ${row.target}`,
      at: run.now().toISOString(),
      content,
      excerpt: row.because,
    });
    return proven(artifact, (id) => ({ ...row, evidence: [id] }));
  });
}

/** Redacted before it is cut, since half a secret is found by nobody. */
function kept({ body, header, firstMessage, server }: SeenAnswer, redact: StageRun['redact']): SeenAnswer {
  const cut = (text: string | null) => {
    const clean = text === null ? null : redact(text);
    if (clean === null || clean.length <= keptCharsMax) return clean;
    return `${clean.slice(0, keptCharsMax)}… (cut, ${clean.length} characters were read)`;
  };
  return { body: cut(body), header, firstMessage: cut(firstMessage), server: cut(server) };
}

function measured(answer: Looked) {
  const { status, coldMs, version, uptimeSeconds, tls, addresses, because } = answer;
  return {
    status,
    attempts: answer.attempts ?? 1,
    latencyMs: spreadOf(answer.samplesMs),
    coldMs: coldMs === null ? null : Math.round(coldMs * 10) / 10,
    version,
    uptimeSeconds,
    tls,
    addresses: [...addresses],
    because,
  };
}

/** Again, as often as the pipeline says, until it is healthy. Only the first attempt is a cold one: the others need no warm-up. */
export async function patiently(
  ask: (limits: { samples: number; warmups: number; timeoutMs: number }) => Promise<HealthAnswer>,
  retries: number,
  parts: Pick<StageParts, 'pipeline' | 'sleep'>,
  signal: AbortSignal,
): Promise<Looked> {
  const { samples, warmups, timeoutMs } = parts.pipeline.health;
  let answer = await ask({ samples, warmups, timeoutMs });
  const { coldMs } = answer;
  let attempts = 1;
  for (let again = 0; again < retries && !answer.ok && !signal.aborted; again += 1) {
    await parts.sleep(retryMs, signal);
    if (signal.aborted) break;
    answer = { ...(await ask({ samples, warmups: 0, timeoutMs })), coldMs };
    attempts += 1;
  }
  return { ...answer, attempts };
}
