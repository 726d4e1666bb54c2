import { StringDecoder } from 'node:string_decoder';
import type { ProblemList } from './problem-list.ts';
import { Refusal } from './refusal.ts';

export interface TextDecoding {
  write(bytes: Uint8Array): string;
  end(): string;
}

export const headBytesMax = 1024;

/**
 * Bytes of a text to characters, by byte order mark, else by the encoding that an XML text declares, else UTF-8.
 * Bytes that are no character of the encoding become U+FFFD and are said; an unknown encoding is refused.
 */
export function makeDecoding(problems: ProblemList): TextDecoding {
  let waiting = Buffer.alloc(0);
  let decoding: TextDecoding | null = null;
  const start = (): string => {
    const { encoding, markBytes } = encodingOf(waiting, problems);
    decoding = decodingOf(encoding);
    return decoding.write(waiting.subarray(markBytes));
  };
  const write = (bytes: Uint8Array): string => {
    if (decoding !== null) return decoding.write(bytes);
    waiting = Buffer.concat([waiting, bytes]);
    return waiting.length >= headBytesMax ? start() : '';
  };
  const end = (): string => (decoding === null ? start() : '') + (decoding?.end() ?? '');
  return { write, end };
}

/** The first characters of a file, for a look at its content; never refuses. */
export function decodeHead(head: Uint8Array): string {
  const quiet: ProblemList = { add: () => {}, once: () => {}, all: () => [] };
  try {
    const { encoding, markBytes } = encodingOf(Buffer.from(head), quiet);
    return decodingOf(encoding).write(head.subarray(markBytes));
  } catch {
    return Buffer.from(head).toString('latin1');
  }
}

interface FoundEncoding {
  encoding: string;
  markBytes: number;
}

export function encodingOf(head: Buffer, problems: ProblemList): FoundEncoding {
  const hex = head.subarray(0, 4).toString('hex');
  if (hex === 'fffe0000' || hex === '0000feff') throw unknownEncoding('utf-32');
  if (hex.startsWith('efbbbf')) return { encoding: 'utf-8', markBytes: 3 };
  if (hex.startsWith('fffe')) return { encoding: 'utf-16le', markBytes: 2 };
  if (hex.startsWith('feff')) return { encoding: 'utf-16be', markBytes: 2 };
  // A first character with an empty half: every report begins with an ASCII one.
  if (/^(?!00)[0-7].00/.test(hex)) return { encoding: 'utf-16le', markBytes: 0 };
  if (/^00(?!00)[0-7]./.test(hex)) return { encoding: 'utf-16be', markBytes: 0 };
  return { encoding: declaredEncoding(head, problems), markBytes: 0 };
}

function declaredEncoding(head: Buffer, problems: ProblemList): string {
  const text = head.toString('latin1', 0, headBytesMax);
  const declared =
    /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(text)?.[1]?.toLowerCase() ?? 'utf-8';
  // Some writers declare what their string type was. A declaration that can be read byte by byte is not UTF-16.
  if (!/^(?:utf-?16|utf-?32|ucs)/.test(declared)) return declared;
  const message = `declares the encoding ${declared} but is written in single bytes; read as UTF-8`;
  problems.once({ code: 'encoding-differs', weight: 'note', message });
  return 'utf-8';
}

export function decodingOf(encoding: string): TextDecoding {
  if (encoding === 'utf-8' || encoding === 'utf8' || encoding === 'us-ascii') return new StringDecoder('utf8');
  try {
    const decoder = new TextDecoder(encoding);
    return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
  } catch {
    throw unknownEncoding(encoding);
  }
}

function unknownEncoding(encoding: string): Refusal {
  const hint = 'write the report as UTF-8';
  return new Refusal({
    reason: 'encoding',
    message: `the encoding ${encoding} is not known`,
    hint,
    line: 1,
    column: 1,
  });
}
