import { type ClientRequest, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { HealthCheck } from '../../ports/health.ts';
import { askedHeaders, originFor } from './header-problem.ts';
import { comparedWords, fieldsOf, httpProblem } from './http-problem.ts';
import { parsedJson } from './json-fields.ts';
import type { Line } from './line.ts';
import { noAnswer } from './no-answer.ts';
import { bodyBytesMax, healthUserAgent, type Sample, unanswered } from './sample.ts';

export interface Question {
  readonly url: URL;
  readonly check: HealthCheck;
  readonly line: Line;
  readonly token: string | null;
  readonly timeoutMs: number;
}

/** Asks once by GET. A redirect is an answer, not a way to go on; of a longer body the first 64 KB are read. */
export async function askHttp(question: Question, signal: AbortSignal): Promise<Sample> {
  const { url, check, timeoutMs } = question;
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const begun = performance.now();
  try {
    const response = await answerTo(question, bounded);
    const { text, cut } = await readCapped(response);
    const latencyMs = performance.now() - begun;
    const answer = { status: response.statusCode ?? 0, headers: response.headers, json: parsedJson(text), cut };
    const problem = httpProblem(check, answer);
    const because = `${url.href} answered ${answer.status}${problem === null ? comparedWords(check, answer) : `: ${problem}`}`;
    return {
      ok: problem === null,
      status: answer.status,
      latencyMs,
      because,
      json: answer.json,
      fields: fieldsOf(check, answer),
      seen: {
        body: text,
        header: askedHeaders(check.header, response.headers),
        firstMessage: null,
        server: [response.headers.server ?? []].flat()[0] ?? null,
      },
    };
  } catch (error) {
    const reason = bounded.aborted && !signal.aborted ? bounded.reason : error;
    return unanswered(`${url.href} ${noAnswer(reason, timeoutMs, signal)}`);
  }
}

/** A kept connection that the server closed in this very moment is no answer of the server's: it is asked once more. */
async function answerTo(question: Question, signal: AbortSignal): Promise<IncomingMessage> {
  const first = send(question, signal);
  try {
    return await first.answer;
  } catch (error) {
    const closed = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
    if (!closed || !first.request.reusedSocket || signal.aborted) throw error;
    return send(question, signal).answer;
  }
}

function send(
  { url, line, check, token }: Question,
  signal: AbortSignal,
): { request: ClientRequest; answer: Promise<IncomingMessage> } {
  const origin = originFor(check.header);
  const headers = {
    'user-agent': healthUserAgent,
    accept: '*/*',
    ...(origin === null ? {} : { origin }),
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  const options: RequestOptions = { agent: line.agent, headers, signal };
  const request = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
  });
  request.end();
  return { request, answer };
}

async function readCapped(response: IncomingMessage): Promise<{ text: string; cut: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop early ends the connection, and with it the rest of the body.
  for await (const chunk of response) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > bodyBytesMax) break;
  }
  return { text: Buffer.concat(chunks).subarray(0, bodyBytesMax).toString('utf8'), cut: bytes > bodyBytesMax };
}
