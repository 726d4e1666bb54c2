import type { ReportFailure } from '../core/test-report.ts';
import { Refusal } from './refusal.ts';

/** Takes the bytes of one report. Null: so far it can be read. After a failure nothing more may be given. */
export interface Feed {
  write(chunk: Uint8Array): ReportFailure | null;
  end(): ReportFailure | null;
}

export async function drain(
  source: AsyncIterable<Uint8Array>,
  feed: Feed,
  signal: AbortSignal | undefined,
): Promise<ReportFailure | null> {
  for await (const chunk of source) {
    signal?.throwIfAborted();
    const failure = feed.write(chunk);
    if (failure !== null) return failure;
  }
  return feed.end();
}

/** Chunks are decoded in pieces: a parser that is handed megabytes at once keeps them all alive. */
export function* piecesOf(chunk: Uint8Array): Iterable<Uint8Array> {
  for (let from = 0; from < chunk.length; from += pieceBytes) yield chunk.subarray(from, from + pieceBytes);
}

const pieceBytes = 64 * 1024;

export function emptyRefusal(bytes: number): Refusal {
  const hint = 'the runner was stopped before it wrote its report, or wrote it elsewhere';
  const message = bytes === 0 ? 'the report has 0 bytes' : 'the report is blank';
  return new Refusal({ reason: 'empty', message, hint });
}
