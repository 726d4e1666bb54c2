import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { UnaryMethods } from '../grpc-server.ts';
import type { Parts } from '../parts.ts';
import type { RestApi } from '../rest/rest-call.ts';
import { watchMethods } from '../watch-methods.ts';
import { findEntries, listLogEntries, listLogs } from './list-entries.ts';
import { type LogIntake, openIntake } from './log-intake.ts';
import { LogStore } from './log-store.ts';
import { loggingRestApi } from './rest-api.ts';
import { tailLogEntries } from './tail-entries.ts';
import { writeLogEntries } from './write-entries.ts';

export interface CloudLogging {
  /** google.logging.v2.LoggingServiceV2, all but DeleteLog and ListMonitoredResourceDescriptors. */
  readonly methods: UnaryMethods;
  /** The same over HTTP and JSON. */
  readonly rest: RestApi;
  /** Where the emulated platform's own entries go. */
  readonly intake: LogIntake;
  tail(call: ServerDuplexStream<unknown, object>): void;
  close(): void;
}

export function openCloudLogging(parts: Parts): CloudLogging {
  const { files, clock, random, ledger, log, faults, touch } = parts;
  const store = new LogStore(files.entries, log);
  const intake = openIntake(store, faults, clock);
  const write = (message: unknown) => {
    const result = writeLogEntries({ store: intake, clock, random }, message);
    if (result.ok) ledger.add({ at: clock.now(), api: 'cloud-logging', method: 'WriteLogEntries', name: '' });
    return result;
  };
  return {
    intake,
    rest: loggingRestApi(
      watchMethods(parts, { ListLogEntries: (message) => findEntries(store, message), WriteLogEntries: write }),
    ),
    methods: watchMethods(parts, {
      ListLogEntries: (message) => listLogEntries(store, message),
      ListLogs: (message) => listLogs(store, message),
      WriteLogEntries: write,
    }),
    tail(call) {
      touch();
      const fault = faults.meet('TailLogEntries', '');
      if (fault === null) tailLogEntries(store, call);
      else if (fault !== 'hang') call.emit('error', { code: fault.code, details: fault.message });
    },
    close() {
      intake.close();
      store.close();
    },
  };
}
