import { connect, type Socket } from 'node:net';
import type { HealthAnswer } from '../../ports/health.ts';
import { notMeasured } from './answer.ts';
import { telling } from './line.ts';
import { noAnswer } from './no-answer.ts';

/** Opens a connection to `host:port` and closes it: that somebody listens is all that it proves. */
export async function connectTcp(address: string, timeoutMs: number, signal: AbortSignal): Promise<HealthAnswer> {
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  const addresses = new Set<string>();
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const begun = performance.now();
  let socket: Socket | null = null;
  try {
    socket = connect({ host, port: Number(port), lookup: telling(addresses) });
    await opened(socket, bounded);
    if (addresses.size === 0 && socket.remoteAddress !== undefined) addresses.add(socket.remoteAddress);
    const samplesMs = [performance.now() - begun];
    return {
      ...notMeasured,
      ok: true,
      samplesMs,
      addresses: [...addresses],
      because: `${address} accepts connections`,
    };
  } catch (error) {
    const because = `${address} ${noAnswer(error, timeoutMs, signal)}`;
    return { ...notMeasured, ok: false, addresses: [...addresses], because };
  } finally {
    socket?.on('error', () => {}).destroy();
  }
}

function opened(socket: Socket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
}
