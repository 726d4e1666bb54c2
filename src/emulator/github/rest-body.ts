import type { IncomingMessage } from 'node:http';
import { type Answer, refuse } from './answer.ts';

const bodyBytesMax = 4 * 1024 * 1024;

/** Reads a JSON body, whatever content type it claims (curl claims a form); an empty one is undefined. */
export async function readJson(
  request: IncomingMessage,
): Promise<{ ok: true; value: unknown } | { ok: false; answer: Answer }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // The rest is read and thrown away, so that the client has sent everything before it is answered.
    if (bytes <= bodyBytesMax) chunks.push(chunk);
  }
  if (bytes > bodyBytesMax) return { ok: false, answer: refuse(413, 'Request body is too large') };
  const text = Buffer.concat(chunks).toString();
  if (text.trim() === '') return { ok: true, value: undefined };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, answer: refuse(400, 'Problems parsing JSON') };
  }
}
