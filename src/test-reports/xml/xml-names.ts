import { isSame } from '../byte-room.ts';
import { byteIs, byteKinds } from './xml-bytes.ts';

const start =
  ':A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}';
const name = new RegExp(`^[${start}][${start}\\-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040]*`, 'u');

/** Where the XML name that begins at `from` ends; `from` itself where none begins. */
export function nameEnd(bytes: Buffer, from: number, to: number): number {
  let at = from;
  for (; at < to; at += 1) {
    const kind = byteKinds[bytes[at] as number] as number;
    if ((kind & byteIs.beyondAscii) !== 0) return slowNameEnd(bytes, from, to);
    if ((kind & byteIs.name) === 0) break;
  }
  const first = bytes[from] as number;
  return first === 45 || first === 46 || (first >= 48 && first <= 57) ? from : at;
}

function slowNameEnd(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to && ((byteKinds[bytes[at] as number] as number) & (byteIs.name | byteIs.beyondAscii)) !== 0) at += 1;
  const found = name.exec(bytes.toString('utf8', from, at))?.[0] ?? '';
  return from + Buffer.byteLength(found);
}

export interface KnownName {
  readonly text: string;
  readonly bytes: Uint8Array;
  /** The latest tag that has an attribute of this name. */
  tag: number;
  readonly next: KnownName | undefined;
}

/** Names as texts, each made once: a report has few of them, a million times. */
export interface NameTable {
  get(bytes: Buffer, from: number, to: number): KnownName;
  /** Forgets all names once they are too many to be those of a report; not while a tag is being read. */
  trim(): void;
}

const namesMax = 4096;

export function makeNameTable(): NameTable {
  const known = new Map<number, KnownName>();
  let size = 0;
  const get = (bytes: Buffer, from: number, to: number): KnownName => {
    let hash = to - from;
    for (let at = from; at < to; at += 1) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
    const first = known.get(hash);
    for (let one = first; one !== undefined; one = one.next) if (isSame(one.bytes, bytes, from, to)) return one;
    const made = { text: bytes.toString('utf8', from, to), bytes: Uint8Array.from(bytes.subarray(from, to)), tag: 0 };
    const entry: KnownName = { ...made, next: first };
    known.set(hash, entry);
    size += 1;
    return entry;
  };
  const trim = (): void => {
    if (size < namesMax) return;
    known.clear();
    size = 0;
  };
  return { get, trim };
}
