/** Where the next byte of a kind stands. Remembers it: places are asked for in their order, and most bytes are seldom met. */
export interface NextByte {
  /** The place of the first one at or after `from`, or the length of the buffer. */
  from(from: number): number;
}

export function makeNextByte(byte: number): NextByte & { reset(bytes: Buffer): void } {
  let bytes = Buffer.alloc(0);
  let next = 0;
  const from = (place: number): number => {
    if (next < place) {
      const found = bytes.indexOf(byte, place);
      next = found === -1 ? bytes.length : found;
    }
    return next;
  };
  const reset = (given: Buffer): void => {
    bytes = given as Buffer<ArrayBuffer>;
    next = -1;
  };
  return { from, reset };
}
