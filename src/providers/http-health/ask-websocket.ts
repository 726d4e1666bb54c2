import { WebSocket } from 'ws';
import type { HealthCheck } from '../../ports/health.ts';
import { healthUserAgent, noAnswer, type Sample } from './sample.ts';

const closeMsMax = 1_000;

/** Asks once for a WebSocket and closes it again: the handshake, with its subprotocol, is the answer. */
export async function askWebSocket(
  url: URL,
  check: HealthCheck,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Sample> {
  const begun = performance.now();
  const address = new URL(url);
  address.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const protocols = check.subprotocol === null ? [] : [check.subprotocol];
  const headers = { 'user-agent': healthUserAgent };
  const socket = new WebSocket(address, protocols, { followRedirects: false, maxPayload: 64 * 1024, headers });
  try {
    const status = await handshake(socket, timeoutMs, signal);
    const latencyMs = performance.now() - begun;
    return { ...judged(address, socket, status), status, latencyMs };
  } catch (error) {
    return isHandshakeFault(error)
      ? { ok: false, status: null, latencyMs: null, because: `${address.href} failed the handshake: ${error.message}` }
      : noAnswer(address, error, timeoutMs, signal);
  } finally {
    leave(socket);
  }
}

function judged(address: URL, socket: WebSocket, status: number): Pick<Sample, 'ok' | 'because'> {
  if (status !== 101) return { ok: false, because: `${address.href} refused the WebSocket with ${status}` };
  const subprotocol = socket.protocol === '' ? '' : ` with subprotocol ${socket.protocol}`;
  return { ok: true, because: `${address.href} opened a WebSocket${subprotocol}` };
}

/** An answer that breaks the protocol, e.g. a missing subprotocol; faults of the network carry a code. */
function isHandshakeFault(error: unknown): error is Error {
  return error instanceof Error && error.name === 'Error' && !('code' in error);
}

/** The status of the handshake's answer; 101 when the socket is open. */
function handshake(socket: WebSocket, timeoutMs: number, signal: AbortSignal): Promise<number> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  return new Promise((resolve, reject) => {
    const stop = () => reject(bounded.reason);
    if (bounded.aborted) stop();
    bounded.addEventListener('abort', stop, { once: true });
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.once('error', reject);
  });
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
