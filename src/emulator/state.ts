import { join } from 'node:path';
import { z } from 'zod';
import { type JsonRead, readJson } from './json-file.ts';

/** Raised when a `loop` of another version could not talk to this emulator any more. */
export const emulatorProtocol = 1;

const Port = z.number().int().min(1).max(65_535);

/** `emulator.json`: who runs, or ran last, in a state folder, and how it is reached. Holds the token: mode 0600. */
export const EmulatorState = z.object({
  pid: z.number().int(),
  /** The system's own start time of that process: a pid alone may have gone to another program. */
  pidStartedAt: z.string(),
  version: z.string(),
  protocol: z.number().int(),
  ports: z.object({ grpc: Port, control: Port, github: Port }),
  token: z.string().min(32),
  startedAt: z.string(),
});
export type EmulatorState = z.infer<typeof EmulatorState>;

export interface StateFiles {
  readonly emulator: string;
  readonly lock: string;
  readonly log: string;
  readonly run: string;
  readonly ports: string;
  readonly instances: string;
  readonly entries: string;
  readonly ledger: string;
  readonly secrets: string;
}

export function stateFiles(stateFolder: string): StateFiles {
  return {
    emulator: join(stateFolder, 'emulator.json'),
    lock: join(stateFolder, 'emulator.lock'),
    log: join(stateFolder, 'emulator.log'),
    run: join(stateFolder, 'cloud-run.json'),
    ports: join(stateFolder, 'ports.json'),
    instances: join(stateFolder, 'instances.json'),
    entries: join(stateFolder, 'log-entries.ndjson'),
    ledger: join(stateFolder, 'ledger.ndjson'),
    secrets: join(stateFolder, 'secrets.json'),
  };
}

export function readEmulatorState(stateFolder: string): JsonRead<EmulatorState> {
  return readJson(stateFiles(stateFolder).emulator, EmulatorState);
}
