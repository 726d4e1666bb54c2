import { isUtf8 } from 'node:buffer';
import { decodingOf, encodingOf, headBytesMax } from '../decode.ts';
import type { ProblemList } from '../problem-list.ts';

export interface Utf8Bytes {
  /** Whole characters, valid until the next call. */
  write(chunk: Uint8Array): Buffer;
  end(): Buffer;
}

const none = Buffer.alloc(0);

/** Bytes of a text in any encoding to those of UTF-8, which most reports have already; see `makeDecoding`. */
export function makeUtf8Bytes(problems: ProblemList): Utf8Bytes {
  let head: Buffer | null = none;
  let next: Utf8Bytes = wholeCharacters();
  const start = (): Buffer => {
    const { encoding, markBytes } = encodingOf(head ?? none, problems);
    if (!['utf-8', 'utf8', 'us-ascii'].includes(encoding)) next = recoded(encoding);
    const bytes = next.write((head ?? none).subarray(markBytes));
    head = null;
    return bytes;
  };
  const write = (chunk: Uint8Array): Buffer => {
    if (head === null) return next.write(chunk);
    head = Buffer.concat([head, chunk]);
    return head.length >= headBytesMax ? start() : none;
  };
  const end = (): Buffer => {
    const bytes = head === null ? none : start();
    return Buffer.concat([bytes, next.end()]);
  };
  return { write, end };
}

function recoded(encoding: string): Utf8Bytes {
  const decoding = decodingOf(encoding);
  return { write: (chunk) => Buffer.from(decoding.write(chunk)), end: () => Buffer.from(decoding.end()) };
}

/** A character that a chunk cuts in two waits; bytes that are no character become U+FFFD. */
function wholeCharacters(): Utf8Bytes {
  let held = none;
  const write = (chunk: Uint8Array): Buffer => {
    const bytes =
      held.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([held, chunk]);
    const whole = bytes.length - cutBytes(bytes);
    held = whole === bytes.length ? none : Buffer.from(bytes.subarray(whole));
    const body = bytes.subarray(0, whole);
    return isUtf8(body) ? body : Buffer.from(body.toString('utf8'));
  };
  return { write, end: () => Buffer.from(held.toString('utf8')) };
}

/** How many bytes at the end are the beginning of a character. */
function cutBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}
