import type { SuiteResult } from '../core/record.ts';
import { joinSections } from '../core/split-output.ts';
import { splitLowerBoundMs } from '../core/split-queue.ts';
import type { CommandEnd } from '../ports/tester.ts';

/** One piece of a split suite: a command of its own. `n` counts from 1 in the order of the items. */
export interface Piece {
  readonly item: string;
  readonly n: number;
  readonly end: CommandEnd;
}

type Split = NonNullable<SuiteResult['split']>;

/** How the pieces ended as one: the worst exit code, all output in the order of the items, and who did not come to its end. */
export function joinedEnd(pieces: readonly Piece[], attempt: string): CommandEnd {
  const ends = pieces.map(({ end }) => end);
  const how = worstOf(ends);
  const codes = ends.map(({ exitCode }) => exitCode);
  const sections = pieces.map(({ item, end }) => ({ title: item, text: Buffer.from(end.output).toString('utf8') }));
  return {
    exitCode: codes.some((code) => code === null) ? null : Math.max(...codes.map(Number)),
    signal: ends.find(({ signal }) => signal !== null)?.signal ?? null,
    how,
    message: messageOf(pieces),
    startedAt: new Date(Math.min(...ends.map(startMs))).toISOString(),
    durationMs: makespanMs(ends),
    output: Buffer.from(joinSections(sections, attempt)),
    stdout: new Uint8Array(),
    outputTruncated: ends.some(({ outputTruncated }) => outputTruncated),
    peakRssBytes: peakTogether(ends),
  };
}

export function splitFigures(pieces: readonly Piece[], workers: number): Split {
  const ends = pieces.map(({ end }) => end);
  const lowerBoundMs = splitLowerBoundMs(
    ends.map(({ durationMs }) => durationMs),
    workers,
  );
  return {
    ...{ workers, items: pieces.length },
    ...{ makespanMs: Math.round(makespanMs(ends)), lowerBoundMs: Math.round(lowerBoundMs) },
  };
}

/** From the first start to the last end. Pieces that were not begun have no duration and start at that end. */
export function makespanMs(ends: readonly CommandEnd[]): number {
  if (ends.length === 0) return 0;
  return Math.max(...ends.map(endMs)) - Math.min(...ends.map(startMs));
}

/** A person's stop says most, then whatever else was not an end by itself. */
function worstOf(ends: readonly CommandEnd[]): CommandEnd['how'] {
  const hows = ends.map(({ how }) => how);
  if (hows.includes('cancelled')) return 'cancelled';
  return hows.find((how) => how !== 'exited') ?? 'exited';
}

const namedMax = 5;

function messageOf(pieces: readonly Piece[]): string | null {
  const told = pieces.flatMap(({ item, end }) => (end.message === null ? [] : [`${item}: ${end.message}`]));
  const more = told.length > namedMax ? [`and ${told.length - namedMax} more pieces`] : [];
  return told.length === 0 ? null : [...told.slice(0, namedMax), ...more].join('; ');
}

/**
 * The largest sum of the peaks of pieces that ran at the same time: no less than what they held together. Starts are known to the
 * millisecond, so that one that followed another may seem to overlap by less than that.
 */
function peakTogether(ends: readonly Pick<CommandEnd, 'startedAt' | 'durationMs' | 'peakRssBytes'>[]): number | null {
  const known = ends.flatMap((end) => (end.peakRssBytes === null ? [] : [{ ...end, bytes: end.peakRssBytes }]));
  if (known.length === 0) return null;
  const changes = known.flatMap((end) => [
    { at: startMs(end), bytes: end.bytes },
    { at: Math.max(startMs(end), endMs(end) - 1) + 0.5, bytes: -end.bytes },
  ]);
  let [held, most] = [0, 0];
  for (const { bytes } of changes.toSorted((one, other) => one.at - other.at)) {
    held += bytes;
    most = Math.max(most, held);
  }
  return most;
}

function startMs({ startedAt }: Pick<CommandEnd, 'startedAt'>): number {
  return Date.parse(startedAt);
}

function endMs(end: Pick<CommandEnd, 'startedAt' | 'durationMs'>): number {
  return startMs(end) + end.durationMs;
}
