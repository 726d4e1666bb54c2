import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { makeByteRoom, makeRoom } from './byte-room.ts';

/** Texts of any length by number, packed in blocks: stacks and output of tests repeat themselves. */
export interface KeptTexts {
  add(text: string): number;
  get(number: number): string;
}

interface Block {
  readonly first: number;
  /** Where each text ends. */
  readonly ends: Uint32Array;
  readonly packed: Buffer;
}

const blockBytes = 256 * 1024;

export function makeKeptTexts(): KeptTexts {
  const blocks: Block[] = [];
  let room = makeByteRoom(0);
  let ends: number[] = [];
  let first = 0;
  let unpacked: { block: Block; bytes: Buffer } | null = null;
  const add = (text: string): number => {
    const bytes = Buffer.byteLength(text);
    makeRoom(room, bytes).write(text, room.length);
    room.length += bytes;
    ends.push(room.length);
    const number = first + ends.length - 1;
    if (room.length >= blockBytes) pack();
    return number;
  };
  const pack = (): void => {
    const packed = deflateRawSync(room.bytes.subarray(0, room.length), { level: 1 });
    blocks.push({ first, ends: Uint32Array.from(ends), packed });
    first += ends.length;
    ends = [];
    room = makeByteRoom(room.bytes.length > 2 * blockBytes ? 0 : room.bytes.length);
  };
  const get = (number: number): string => {
    if (number >= first) return textIn(room.bytes, ends, number - first);
    const block = blocks[blockOf(number)] as Block;
    if (unpacked?.block !== block) unpacked = { block, bytes: inflateRawSync(block.packed) };
    return textIn(unpacked.bytes, block.ends, number - block.first);
  };
  /** The last block that begins at or before it. */
  const blockOf = (number: number): number => {
    let low = 0;
    let high = blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((blocks[middle] as Block).first <= number) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return { add, get };
}

function textIn(bytes: Buffer, ends: ArrayLike<number>, nth: number): string {
  return bytes.toString('utf8', nth === 0 ? 0 : ends[nth - 1], ends[nth]);
}
