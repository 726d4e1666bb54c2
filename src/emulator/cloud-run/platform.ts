import type { Caller } from '../caller.ts';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import type { Ledger } from '../ledger.ts';
import type { Log } from '../log.ts';
import type { FrontEnds } from './front-ends.ts';
import type { Instances } from './instances.ts';
import type { RunLog } from './run-log.ts';
import type { RunStore } from './run-store.ts';

/** The parts that the methods of the API work with. */
export interface Platform {
  readonly store: RunStore;
  readonly instances: Instances;
  readonly frontEnds: FrontEnds;
  readonly runLog: RunLog;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  /** A fresh id, in the shape of a UUID. */
  readonly newId: () => string;
}

/** Who a change is made by: the emulator's one account, unless the caller says that it is someone else. */
export function principalOf(caller: Caller, project: string): string {
  return caller.principalEmail ?? `loop-emulator@${project}.iam.gserviceaccount.com`;
}
