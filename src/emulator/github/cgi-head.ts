import type { OutgoingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

export interface CgiHead {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  /** What of the body came with it. */
  readonly rest: Buffer;
}

const headBytesMax = 64 * 1024;

/** Reads the headers of a CGI program's output and leaves the rest in the stream; null when it ends without them. */
export function readCgiHead(output: Readable): Promise<CgiHead | null> {
  return new Promise((resolve) => {
    let head = Buffer.alloc(0);
    const finish = (result: CgiHead | null): void => {
      output.off('data', take).off('end', giveUp).off('error', giveUp);
      output.pause();
      resolve(result);
    };
    const giveUp = (): void => finish(null);
    const take = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end >= 0) finish(parseHead(head.subarray(0, end).toString('latin1'), head.subarray(end + 4)));
      else if (head.length > headBytesMax) giveUp();
    };
    output.on('data', take).on('end', giveUp).on('error', giveUp);
  });
}

function parseHead(text: string, rest: Buffer): CgiHead {
  let status = 200;
  const headers: OutgoingHttpHeaders = {};
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'status') status = Number.parseInt(value, 10);
    else headers[name] = value;
  }
  return { status, headers, rest };
}
