import { type ByteRoom, makeByteRoom, makeRoom, usedBytes } from './byte-room.ts';

/** Names of tests in their order. Names of one report are alike, so of each only what differs from the one before is kept. */
export interface KeptNames {
  add(name: Uint8Array, length: number): void;
  /** Valid until the next call. */
  get(row: number): Buffer;
  /** Gives back what room is left over; nothing may be added any more. */
  seal(): void;
}

/** So many names can be read without those before them being read first; every so-manyth is kept whole. */
const wholeEvery = 16;

/**
 * Each entry: how many bytes of the beginning and of the end are those of the name before, how many stand between, and those.
 * Numbers are written in sevens of bits.
 */
export function makeKeptNames(rowsMax: number): KeptNames {
  const starts = new Uint32Array(Math.ceil(rowsMax / wholeEvery));
  const kept = makeByteRoom(4096);
  const last = makeByteRoom(256);
  const read = makeByteRoom(256);
  let rows = 0;
  let readRow = -1;
  let readAt = 0;
  const add = (name: Uint8Array, length: number): void => {
    const whole = rows % wholeEvery === 0;
    if (whole) starts[rows / wholeEvery] = kept.length;
    const begin = whole ? 0 : sameBegin(last, name, length);
    const end = whole ? 0 : sameEnd(last, name, length, begin);
    const middle = length - begin - end;
    makeRoom(kept, middle + 15);
    writeNumber(kept, begin);
    writeNumber(kept, end);
    writeNumber(kept, middle);
    for (let at = begin; at < begin + middle; at += 1) kept.bytes[kept.length++] = name[at] as number;
    last.length = 0;
    const copy = makeRoom(last, length);
    for (let at = 0; at < length; at += 1) copy[at] = name[at] as number;
    last.length = length;
    rows += 1;
  };
  const get = (row: number): Buffer => {
    const first = row - (row % wholeEvery);
    if (readRow < first || readRow > row) {
      readRow = first - 1;
      readAt = starts[first / wholeEvery] ?? 0;
    }
    for (; readRow < row; readRow += 1) readNext();
    return read.bytes.subarray(0, read.length);
  };
  const readNext = (): void => {
    const begin = readNumber();
    const end = readNumber();
    const middle = readNumber();
    const before = read.length;
    read.length = Math.max(before, begin);
    makeRoom(read, middle + end);
    read.bytes.copyWithin(begin + middle, before - end, before);
    kept.bytes.copy(read.bytes, begin, readAt, readAt + middle);
    readAt += middle;
    read.length = begin + middle + end;
  };
  const readNumber = (): number => {
    let number = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = kept.bytes[readAt++] as number;
      number |= (byte & 127) << shift;
      if (byte < 128) return number;
    }
  };
  const seal = (): void => {
    kept.bytes = usedBytes(kept);
    last.bytes = last.bytes.subarray(0, 0);
  };
  return { add, get, seal };
}

function writeNumber(into: ByteRoom, number: number): void {
  let rest = number;
  for (; rest > 127; rest >>>= 7) into.bytes[into.length++] = (rest & 127) | 128;
  into.bytes[into.length++] = rest;
}

function sameBegin(last: ByteRoom, name: Uint8Array, length: number): number {
  const max = Math.min(last.length, length);
  let same = 0;
  while (same < max && last.bytes[same] === name[same]) same += 1;
  return same;
}

function sameEnd(last: ByteRoom, name: Uint8Array, length: number, begin: number): number {
  const max = Math.min(last.length, length) - begin;
  let same = 0;
  while (same < max && last.bytes[last.length - 1 - same] === name[length - 1 - same]) same += 1;
  return same;
}
