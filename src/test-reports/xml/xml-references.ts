import { type ByteRoom, makeRoom } from '../byte-room.ts';

/**
 * Writes the text in between with its references resolved, and as XML has its line ends read: in text as LF, in attributes
 * every white space as a blank. Answers the place of a reference that is none of XML's own (no document can define one here), or -1.
 */
export function resolveText(bytes: Buffer, from: number, to: number, into: ByteRoom, lineEnd: 10 | 32): number {
  const out = makeRoom(into, to - from);
  let length = into.length;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] as number;
    if (byte > 38) out[length++] = byte;
    else if (byte === 38) {
      const end = semicolonAfter(bytes, at, to);
      const code = end === -1 ? -1 : meaning(bytes, at + 1, end);
      if (code === -1) return at;
      length = writeCharacter(out, length, code);
      at = end;
    } else if (byte === 13) {
      if (at + 1 === to || bytes[at + 1] !== 10) out[length++] = lineEnd;
      else if (lineEnd === 32) {
        out[length++] = lineEnd;
        at += 1;
      }
    } else if (lineEnd === 32 && (byte === 10 || byte === 9)) out[length++] = 32;
    else out[length++] = byte;
  }
  into.length = length;
  return -1;
}

function semicolonAfter(bytes: Buffer, from: number, to: number): number {
  for (let at = from + 1; at < to; at += 1) if (bytes[at] === 59) return at;
  return -1;
}

const predefined = new Map([
  ['lt', 60],
  ['gt', 62],
  ['amp', 38],
  ['quot', 34],
  ['apos', 39],
]);

/** The code point that a reference's name stands for, or -1. */
function meaning(bytes: Buffer, from: number, to: number): number {
  // The two that stand in every second name, without making a text of them.
  if (to === from + 2 && bytes[from + 1] === 116) return bytes[from] === 108 ? 60 : bytes[from] === 103 ? 62 : -1;
  const reference = bytes.toString('latin1', from, to);
  const known = predefined.get(reference);
  if (known !== undefined) return known;
  const match = /^#(?:x([\da-fA-F]+)|(\d+))$/.exec(reference);
  if (match === null) return -1;
  const code = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16);
  return isXmlCharacter(code) ? code : -1;
}

function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 9 || code === 10 || code === 13;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

/** No reference is shorter than its character in UTF-8, so there is room. */
function writeCharacter(out: Buffer, at: number, code: number): number {
  if (code >= 128) return at + out.write(String.fromCodePoint(code), at, 'utf8');
  out[at] = code;
  return at + 1;
}
