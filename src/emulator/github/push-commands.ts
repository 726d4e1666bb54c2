import { Transform } from 'node:stream';

/** One ref that a push asks to move. Null is "does not exist". */
export interface PushedRef {
  readonly ref: string;
  readonly from: string | null;
  readonly to: string | null;
}

const commandBytesMax = 256 * 1024;

/** Lets a push through unchanged and keeps its beginning, where the commands stand before the pack. */
export function watchPush(): { stream: Transform; commands(): readonly PushedRef[] } {
  let seen = Buffer.alloc(0);
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      const room = commandBytesMax - seen.length;
      if (room > 0) seen = Buffer.concat([seen, chunk.subarray(0, room)]);
      done(null, chunk);
    },
  });
  return { stream, commands: () => readCommands(seen) };
}

/** Reads `old new ref NUL capabilities` in Git's packet lines: four hexadecimal digits of length, until an empty one. */
export function readCommands(bytes: Buffer): PushedRef[] {
  const commands: PushedRef[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const length = Number.parseInt(bytes.toString('latin1', at, at + 4), 16);
    if (!(length > 4) || at + length > bytes.length) break;
    const line = bytes.toString('utf8', at + 4, at + length);
    const match = /^([0-9a-f]{40}) ([0-9a-f]{40}) ([^\0\n]+)/.exec(line);
    const [, from = '', to = '', ref = ''] = match ?? [];
    if (match !== null) commands.push({ ref, from: shaOrNull(from), to: shaOrNull(to) });
    at += length;
  }
  return commands;
}

function shaOrNull(sha: string): string | null {
  return /^0+$/.test(sha) ? null : sha;
}
