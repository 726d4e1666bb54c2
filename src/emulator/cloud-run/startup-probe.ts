import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Probe } from './spec.ts';

/** Cloud Run waits 240 s by default; on this machine a program that is not up by then will not come. */
const startupMsDefault = 10_000;
const lookEveryMs = 20;
const httpTimeoutMs = 1000;

export interface StartupProbe {
  /** As the platform's messages call it. */
  readonly title: string;
  readonly startupMsMax: number;
  /** Asks once. */
  ask(port: number): Promise<boolean>;
}

export function startupProbe(probe: Probe | null | undefined): StartupProbe {
  if (probe == null) return { title: 'Default STARTUP TCP probe', startupMsMax: startupMsDefault, ask: accepts };
  const seconds = probe.initialDelaySeconds + (probe.periodSeconds || 10) * (probe.failureThreshold || 3);
  const startupMsMax = seconds * 1000;
  const path = probe.httpGet?.path || '/';
  if (probe.httpGet == null) return { title: 'STARTUP TCP probe', startupMsMax, ask: accepts };
  return { title: 'STARTUP HTTP probe', startupMsMax, ask: (port) => answers(port, path) };
}

/** Asks until it succeeds, the time is up or the signal says that there is nobody to ask any more. */
export async function untilUp(probe: StartupProbe, port: number, signal: AbortSignal): Promise<boolean> {
  const end = performance.now() + probe.startupMsMax;
  while (performance.now() < end && !signal.aborted) {
    if (await probe.ask(port)) return !signal.aborted;
    await sleep(lookEveryMs);
  }
  return false;
}

async function accepts(port: number): Promise<boolean> {
  const socket = await connectTo(port);
  socket?.destroy();
  return socket !== null;
}

/** Null when nobody listens. */
export function connectTo(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket));
    // Kept after the answer: a reset between here and its use must not end the emulator.
    socket.on('error', () => resolve(null));
  });
}

function answers(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, timeout: httpTimeoutMs }, (response) => {
      response.resume();
      resolve((response.statusCode ?? 500) < 400);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
