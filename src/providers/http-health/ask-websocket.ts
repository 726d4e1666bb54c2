import { type RawData, WebSocket } from 'ws';
import type { Question } from './ask-http.ts';
import { CertificateFault } from './certificate.ts';
import { fieldsProblem, fieldsSeen, listed, parsedJson } from './json-fields.ts';
import { noAnswer } from './no-answer.ts';
import { bodyBytesMax, healthUserAgent, nothingSeen, type Sample, unanswered } from './sample.ts';

const closeMsMax = 1_000;

interface FirstMessage {
  readonly text: string;
  readonly binary: boolean;
}

/** Asks once for a WebSocket and closes it again: the handshake, with its subprotocol and the first message, is the answer. */
export async function askWebSocket(question: Question, signal: AbortSignal): Promise<Sample> {
  const { url, timeoutMs } = question;
  const begun = performance.now();
  const socket = openSocket(question);
  // It may come in the same packet as the handshake, so that somebody must listen from the beginning.
  const message = firstMessage(socket);
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const status = await until(handshake(socket), bounded);
    const latencyMs = performance.now() - begun;
    const said = status === 101 ? await messageSaid(question, message, bounded) : nothingSaid;
    const seen = { ...nothingSeen, firstMessage: said.text };
    return { ...judged(url, socket, status, said), status, latencyMs, json: undefined, fields: 'unknown', seen };
  } catch (error) {
    if (isHandshakeFault(error)) return unanswered(`${url.href} failed the handshake: ${error.message}`);
    return unanswered(`${url.href} ${noAnswer(error, timeoutMs, signal)}`);
  } finally {
    leave(socket);
  }
}

function openSocket({ url, check, line, token }: Question): WebSocket {
  const protocols = check.subprotocol === null ? [] : [check.subprotocol];
  const headers = {
    'user-agent': healthUserAgent,
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  return new WebSocket(url, protocols, {
    followRedirects: false,
    maxPayload: bodyBytesMax,
    headers,
    agent: line.agent,
  });
}

/** What the first message was, and what is wrong with it; `compared` goes on the sentence of one that is as asked. */
interface Said {
  readonly text: string | null;
  readonly problem: string | null;
  readonly compared: string;
}

const nothingSaid: Said = { text: null, problem: null, compared: '' };

function judged(url: URL, socket: WebSocket, status: number, said: Said): Pick<Sample, 'ok' | 'because'> {
  if (status !== 101) return { ok: false, because: `${url.href} refused the WebSocket with ${status}` };
  const subprotocol = socket.protocol === '' ? '' : ` with subprotocol ${socket.protocol}`;
  const opened = `${url.href} opened a WebSocket${subprotocol}`;
  if (said.problem !== null) return { ok: false, because: `${opened}: ${said.problem}` };
  return { ok: true, because: `${opened}${said.compared}` };
}

/** Waited for only where one is asked for. */
async function messageSaid(
  { check, timeoutMs }: Question,
  message: Promise<FirstMessage>,
  bounded: AbortSignal,
): Promise<Said> {
  if (check.firstMessage === null) return nothingSaid;
  try {
    return compared(check.firstMessage, await until(message, bounded));
  } catch (error) {
    if (bounded.aborted) return { ...nothingSaid, problem: `no first message came within ${timeoutMs} ms` };
    const why = error instanceof Error ? error.message : String(error);
    return { ...nothingSaid, problem: `its first message could not be read: ${why}` };
  }
}

function compared(wanted: Readonly<Record<string, unknown>>, { text, binary }: FirstMessage): Said {
  if (binary) return { ...nothingSaid, text: '(binary)', problem: 'its first message is binary, expected JSON' };
  const json = parsedJson(text);
  if (typeof json !== 'object' || json === null)
    return { ...nothingSaid, text, problem: 'its first message is no JSON object' };
  const facts = listed(fieldsSeen(wanted, json));
  return {
    text,
    problem: fieldsProblem(wanted, json, 'its first message'),
    compared: facts && `, in its first message ${facts}`,
  };
}

/** An answer that breaks the protocol, e.g. a missing subprotocol; faults of the network carry a code. */
function isHandshakeFault(error: unknown): error is Error {
  return error instanceof Error && error.name === 'Error' && !('code' in error) && !(error instanceof CertificateFault);
}

/** The status of the handshake's answer; 101 when the socket is open. */
function handshake(socket: WebSocket): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.once('error', reject);
  });
}

function firstMessage(socket: WebSocket): Promise<FirstMessage> {
  const message = new Promise<FirstMessage>((resolve, reject) => {
    socket.once('message', (data, binary) => resolve({ text: textOf(data), binary }));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the server closed the socket before it said anything')));
  });
  message.catch(() => {});
  return message;
}

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString('utf8');
}

async function until<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([work, stopped]);
}

/** A polite close first, so that the server sees no fault; a socket that never opened, or does not let go, is cut. */
function leave(socket: WebSocket): void {
  socket.on('error', () => {});
  if (socket.readyState !== WebSocket.OPEN) {
    socket.terminate();
    return;
  }
  const timer = setTimeout(() => socket.terminate(), closeMsMax);
  socket.once('close', () => clearTimeout(timer));
  socket.close(1000);
}
