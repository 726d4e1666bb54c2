import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import type { LogEntry } from './log-entry.ts';
import type { LogStore } from './log-store.ts';

/** Where entries come in: what a sink drops is lost here, what is late waits here. */
export interface LogIntake {
  append(entry: LogEntry): void;
}

export function openIntake(store: LogStore, faults: Faults, clock: Clock): LogIntake & { close(): void } {
  const waiting = new Set<NodeJS.Timeout>();
  return {
    append(entry) {
      const service = entry.resource.labels.service_name ?? '';
      if (isDropped(entry, service, faults)) return;
      const delayMs = faults.ingestionDelayMs(service);
      if (delayMs === 0) return store.append(entry);
      const timer = setTimeout(() => {
        waiting.delete(timer);
        store.append({ ...entry, receiveTimestamp: clock.now() });
      }, delayMs);
      waiting.add(timer);
    },
    close() {
      for (const timer of waiting) clearTimeout(timer);
    },
  };
}

function isDropped({ logName }: LogEntry, service: string, faults: Faults): boolean {
  const id = logName.split('/').at(-1) ?? '';
  if (id === 'run.googleapis.com%2Frequests' && faults.holds('requestLogsExcluded', service)) return true;
  return id.startsWith('run.googleapis.com%2F') && faults.holds('noLogs', service);
}
