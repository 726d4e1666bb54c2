import { availableParallelism } from 'node:os';
import { atMost } from '../core/at-most.ts';
import { splitOrder } from '../core/split-queue.ts';
import type { History } from '../ports/history.ts';
import type { CommandEnd } from '../ports/tester.ts';
import { makespanMs, type Piece } from './split-end.ts';

const outputBytesMax = 32 * 1024 * 1024;

/** Runs the pieces of a suite from one queue, so many at once. The time limit is for all of them together. */
export async function runPieces(
  suite: {
    readonly items: readonly string[];
    readonly workers: number;
    readonly timeoutSeconds: number;
    readonly knownMs: ReadonlyMap<string, number>;
  },
  runPiece: (piece: { item: string; n: number; timeoutSeconds: number }) => Promise<CommandEnd>,
): Promise<Piece[]> {
  const numbers = new Map(suite.items.map((item, index) => [item, index + 1]));
  const ends: CommandEnd[] = [];
  const pieces = await atMost(suite.workers, splitOrder(suite.items, suite.knownMs), async (item) => {
    const n = numbers.get(item) ?? 0;
    const timeoutSeconds = suite.timeoutSeconds - makespanMs(ends) / 1000;
    const stopped = ends.find(({ how }) => ['cancelled', 'not-started', 'timeout', 'stopped'].includes(how));
    const how = stopped?.how ?? (timeoutSeconds > 0 ? null : 'timeout');
    const end = how === null ? await runPiece({ item, n, timeoutSeconds }) : notBegun(how, ends);
    if (how === null) ends.push(end);
    return { item, n, end: { ...end, ...withinShare(end, suite.items.length) } };
  });
  return pieces.toSorted((one, other) => one.n - other.n);
}

/** At once: as asked, never more than there are pieces. */
export function workersFor(asked: number | undefined, items: number): number {
  return Math.max(1, Math.min(asked ?? availableParallelism(), items));
}

/** What is known of how long its pieces take, and what was learned: of those that came to their end. */
export async function knownMs(suite: string, history: History): Promise<ReadonlyMap<string, number>> {
  return new Map((await history.pieces(suite)).map(({ item, durationMs }) => [item, durationMs]));
}

export async function rememberPieces(
  suite: string,
  pieces: readonly Piece[],
  at: string,
  history: History,
): Promise<void> {
  const ended = pieces.filter(({ end }) => end.how === 'exited' && end.exitCode !== null);
  await history.rememberPieces(
    suite,
    ended.map(({ item, end }) => ({ item, durationMs: Math.round(end.durationMs) })),
    at,
  );
}

function notBegun(how: CommandEnd['how'], ends: readonly CommandEnd[]): CommandEnd {
  const lastMs = Math.max(...ends.map(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs));
  return {
    ...{ exitCode: null, signal: null, how, message: 'not begun', durationMs: 0, peakRssBytes: null },
    ...{
      startedAt: new Date(lastMs).toISOString(),
      output: new Uint8Array(),
      stdout: new Uint8Array(),
      outputTruncated: false,
    },
  };
}

/** All pieces together keep no more than one command does: the beginning and the end of each. */
function withinShare(
  { output, outputTruncated }: CommandEnd,
  pieces: number,
): Pick<CommandEnd, 'output' | 'outputTruncated'> {
  const half = Math.floor(outputBytesMax / pieces / 2);
  if (output.length <= 2 * half) return { output, outputTruncated };
  const gap = Buffer.from(`\n[… ${output.length - 2 * half} bytes left out …]\n`);
  const kept = Buffer.concat([output.subarray(0, half), gap, output.subarray(output.length - half)]);
  return { output: kept, outputTruncated: true };
}
