import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { Log } from './log.ts';
import type { StateFiles } from './state.ts';

/** What the emulated APIs share. */
export interface Parts {
  readonly stateFolder: string;
  readonly files: StateFiles;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  /** Where programs are found. */
  readonly searchPath: string;
  readonly ledger: Ledger;
  readonly faults: Faults;
  /** Called at every request: the emulator is not idle. */
  readonly touch: () => void;
}
