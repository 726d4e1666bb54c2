import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail, type Result, succeed } from '../core/result.ts';
import { InstanceJournal } from './cloud-run/instance-journal.ts';
import { lockedExitCode } from './exit-code.ts';
import { isAlive } from './process-group.ts';
import { askControl, describe, type EmulatorInfo, readEmulator } from './read-emulator.ts';
import { readEmulatorState, stateFiles } from './state.ts';

export { type EmulatorInfo, readEmulator };

const startMsMax = 20_000;
const stopMsMax = 10_000;
const lookEveryMs = 25;
const logBytesMax = 5 * 1024 * 1024;
const logLinesTold = 5;

export interface EnsureOptions {
  readonly stateFolder: string;
  /** The argv that serves: `[node, loop, emulate, --serve, …]`. */
  readonly command: readonly [string, ...string[]];
  /** The emulator's environment: a small list, no token of the user's. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * The running emulator of a state folder, started when there is none. It lives in a session of its own and outlives the
 * caller. Callers at the same moment start one: the process that gets the folder's lock stays, another one leaves.
 */
export async function ensureEmulator(options: EnsureOptions): Promise<Result<EmulatorInfo>> {
  const { stateFolder, signal } = options;
  const end = performance.now() + startMsMax;
  let child: ChildProcess | null = null;
  while (performance.now() < end) {
    const present = await readEmulator(stateFolder, signal);
    if (!present.ok) return present;
    if (present.value.state === 'running') return succeed(present.value.info);
    if (signal.aborted) return fail('cancelled', 'Cancelled while the emulator started.');
    // One that is silent may be on its way up or down: it is given its time.
    if (present.value.state === 'stopped') child ??= launch(options);
    const ended = child === null ? null : endOf(child);
    if (ended !== null && ended !== lockedExitCode) {
      return fail('not-started', `The emulator ended at its start (${ended}).`, logHint(stateFolder));
    }
    await sleep(lookEveryMs);
  }
  return fail('unavailable', `The emulator did not answer within ${startMsMax / 1000} s.`, logHint(stateFolder));
}

function launch({ stateFolder, command: [program, ...args], env }: EnsureOptions): ChildProcess {
  mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
  const { log } = stateFiles(stateFolder);
  const output = openSync(log, sizeOf(log) > logBytesMax ? 'w' : 'a', 0o600);
  const child = spawn(program, args, { detached: true, stdio: ['ignore', output, output], env: { ...env } });
  closeSync(output);
  child.on('error', () => {});
  child.unref();
  return child;
}

/** Null while it runs. */
function endOf({ exitCode, signalCode, pid }: ChildProcess): number | string | null {
  return exitCode ?? signalCode ?? (pid === undefined ? 'the command could not be run' : null);
}

function logHint(stateFolder: string): string {
  const { log } = stateFiles(stateFolder);
  const lines = readText(log).trimEnd().split('\n').slice(-logLinesTold).join('\n');
  return `its log is ${log}${lines === '' ? '' : `, which ends:\n${lines}`}\nif one is stuck: \`loop emulate --stop\``;
}

/** Ends the emulator and its revisions, of whatever version it is. `false`: there was none. */
export async function stopEmulator(stateFolder: string, signal: AbortSignal): Promise<Result<{ stopped: boolean }>> {
  const read = readEmulatorState(stateFolder);
  if (read.state !== 'read') return succeed({ stopped: false });
  const mark = { pid: read.value.pid, startedAt: read.value.pidStartedAt };
  // A killed one left its revisions behind.
  if (!isAlive(mark)) return succeed({ stopped: new InstanceJournal(stateFiles(stateFolder).instances).reap() > 0 });
  const reply = await askControl(describe(read.value), 'POST', '/stop', signal);
  if (reply?.status !== 200 && isAlive(mark)) process.kill(mark.pid, 'SIGTERM');
  const end = performance.now() + stopMsMax;
  while (performance.now() < end) {
    if (!isAlive(mark)) return succeed({ stopped: true });
    if (signal.aborted) return fail('cancelled', 'Cancelled while the emulator stopped.');
    await sleep(lookEveryMs);
  }
  return fail(
    'timeout',
    `The emulator (process ${mark.pid}) did not end within ${stopMsMax / 1000} s.`,
    `end it with: kill -9 ${mark.pid}`,
  );
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function readText(file: string): string {
  return sizeOf(file) === 0 ? '' : readFileSync(file, 'utf8');
}
