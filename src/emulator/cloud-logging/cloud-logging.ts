import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { UnaryMethods } from '../grpc-server.ts';
import type { Parts } from '../parts.ts';
import { listLogEntries, listLogs } from './list-entries.ts';
import { LogStore } from './log-store.ts';
import { tailLogEntries } from './tail-entries.ts';
import { writeLogEntries } from './write-entries.ts';

export interface CloudLogging {
  readonly store: LogStore;
  /** google.logging.v2.LoggingServiceV2, all but DeleteLog and ListMonitoredResourceDescriptors. */
  readonly methods: UnaryMethods;
  tail(call: ServerDuplexStream<unknown, object>): void;
  close(): void;
}

export function openCloudLogging({ files, clock, random, ledger, log }: Parts): CloudLogging {
  const store = new LogStore(files.entries, log);
  return {
    store,
    methods: {
      ListLogEntries: (message) => listLogEntries(store, message),
      ListLogs: (message) => listLogs(store, message),
      WriteLogEntries(message) {
        const result = writeLogEntries({ store, clock, random }, message);
        if (result.ok) ledger.add({ at: clock.now(), api: 'cloud-logging', method: 'WriteLogEntries', name: '' });
        return result;
      },
    },
    tail: (call) => tailLogEntries(store, call),
    close: () => store.close(),
  };
}
