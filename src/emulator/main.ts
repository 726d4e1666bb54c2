import { existsSync } from 'node:fs';
import { lockedExitCode } from './exit-code.ts';
import { type IdleWatch, watchIdle } from './idle.ts';
import type { Log } from './log.ts';
import { startEmulator } from './server.ts';

export interface RunEmulatorOptions {
  readonly stateFolder: string;
  readonly version: string;
  readonly log: Log;
  readonly searchPath: string;
  /** It ends by itself when nothing asked for it for so long. */
  readonly idleMinutes: number;
}

/**
 * The emulator's own process: serves until SIGTERM, SIGINT, `POST /stop` or idleness, then ends its revisions. Answers the
 * exit code: 0, 75 when another process serves the folder, 1 when it could not start.
 */
export async function runEmulator({ idleMinutes, log, ...options }: RunEmulatorOptions): Promise<number> {
  const reasons = firstReason();
  let idle: IdleWatch | null = null;
  const touch = () => idle?.touch();
  const started = await startEmulator({ ...options, log, touch, onStop: () => reasons.give('stop') });
  if (!started.ok) {
    log.error({ failure: started.failure }, 'emulator did not start');
    return started.failure.code === 'locked' ? lockedExitCode : 1;
  }
  const emulator = started.value;
  idle = watchIdle(idleMinutes * 60_000, () => reasons.give('idle'));
  const folder = watchFolder(options.stateFolder, () => reasons.give('its folder is gone'));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => reasons.give(signal));
  log.info({ ports: emulator.state.ports, pid: process.pid }, 'emulator is up');
  const reason = await reasons.first;
  log.info({ reason }, 'emulator ends');
  idle.stop();
  clearInterval(folder);
  await emulator.close();
  return 0;
}

const folderLookMs = 5_000;

/** Without its folder nobody can find it any more: then it ends at once instead of idling. */
function watchFolder(stateFolder: string, onGone: () => void): NodeJS.Timeout {
  return setInterval(() => {
    if (!existsSync(stateFolder)) onGone();
  }, folderLookMs).unref();
}

/** The first reason to end; later ones change nothing. */
function firstReason(): { first: Promise<string>; give: (reason: string) => void } {
  let give: (reason: string) => void = () => {};
  const first = new Promise<string>((resolve) => {
    give = resolve;
  });
  return { first, give: (reason) => give(reason) };
}
