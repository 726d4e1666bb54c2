import { stripVTControlCharacters } from 'node:util';
import { counted } from '../../core/count-words.ts';

/** What a terminal would have shown as one line; pieces that `\r` separates are lines of the same number. */
export interface Line {
  /** 1-based, in the file. */
  readonly n: number;
  readonly text: string;
}

export interface ReadLines {
  readonly lines: readonly Line[];
  readonly doubts: readonly string[];
  /** Bytes are missing or are not the command's: what is left is not the whole of what it said. */
  readonly damaged: boolean;
}

/** Errors stand at the end, what it began with at the start: of a very long log these two parts are read. */
const headBytesMax = 2 * 1024 * 1024;
const tailBytesMax = 6 * 1024 * 1024;
const lineCharsMax = 4096;
const sampleBytes = 4096;

/** The lines of a redirected output, whatever wrote it: damaged, in another encoding, with progress bars and colours. */
export function readLines(bytes: Uint8Array): ReadLines {
  if (bytes.length <= headBytesMax + tailBytesMax) return linesOf(bytes, 1);
  const from = bytes.length - tailBytesMax;
  const head = linesOf(bytes.subarray(0, headBytesMax), 1);
  const tail = linesOf(bytes.subarray(from), 1 + countNewlines(bytes.subarray(0, from)));
  const left = `${bytes.length - headBytesMax - tailBytesMax} bytes in its middle were not read`;
  return {
    lines: [...head.lines, ...tail.lines],
    doubts: [left, ...new Set([...head.doubts, ...tail.doubts])],
    damaged: head.damaged || tail.damaged,
  };
}

function linesOf(bytes: Uint8Array, firstLine: number): ReadLines {
  const { text, doubts, nuls } = decode(bytes);
  const lines = text.split('\n').flatMap((line, index) =>
    line
      .split(/[\r\0]+/)
      .filter((piece) => piece.trim() !== '')
      .map((piece) => ({ n: firstLine + index, text: shown(piece) })),
  );
  const damage = nuls === 0 ? [] : [`log damaged: ${counted(nuls, 'NUL byte')}, two writers?`];
  return { lines, doubts: [...damage, ...doubts], damaged: nuls > 0 };
}

function shown(piece: string): string {
  return stripVTControlCharacters(piece.slice(0, lineCharsMax)).trimEnd();
}

function decode(bytes: Uint8Array): { text: string; doubts: string[]; nuls: number } {
  const wide = wideEncoding(bytes);
  if (wide !== null) return { text: new TextDecoder(wide).decode(bytes), doubts: [], nuls: 0 };
  const nuls = count(bytes, 0);
  const text = new TextDecoder('utf-8').decode(bytes);
  const [broken, meant] = [text.match(/\ufffd/g)?.length ?? 0, text.match(/[\u0080-\ufffc]/g)?.length ?? 0];
  if (broken === 0) return { text, doubts: [], nuls };
  // A text with more broken characters than whole ones was never UTF-8: it comes from a Windows console.
  if (broken <= meant) return { text, doubts: [`${counted(broken, 'character')} of it could not be decoded`], nuls };
  return { text: new TextDecoder('windows-1252').decode(bytes), doubts: [], nuls };
}

/** PowerShell redirects as UTF-16, where every second byte of plain text is NUL. */
function wideEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const sample = bytes.subarray(0, sampleBytes);
  const odd = sample.filter((byte, at) => at % 2 === 1 && byte === 0).length;
  const even = sample.filter((byte, at) => at % 2 === 0 && byte === 0).length;
  const many = sample.length * 0.35;
  if (odd > many && even === 0) return 'utf-16le';
  return even > many && odd === 0 ? 'utf-16be' : null;
}

function countNewlines(bytes: Uint8Array): number {
  return count(bytes, 10);
}

function count(bytes: Uint8Array, wanted: number): number {
  let n = 0;
  for (const byte of bytes) if (byte === wanted) n += 1;
  return n;
}
