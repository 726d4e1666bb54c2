import type { Output } from '../ports/output.ts';
import type { RunStore } from '../ports/run-store.ts';

type Redact = (text: string) => string;

/** The door of the store: nothing with a secret in it is written, whichever stage or provider it came from. */
export function redactingStore(store: RunStore, redact: Redact): RunStore {
  const clean = <T>(value: T): T => cleaned(value, redact);
  return {
    ...store,
    commit: (change) =>
      store.commit({
        ...change,
        ...(change.result ? { result: (evidence) => clean(change.result?.(evidence)) } : {}),
        ...(change.snapshot === undefined ? {} : { snapshot: clean(change.snapshot) }),
        ...(change.record ? { record: clean(change.record) } : {}),
        ...(change.events ? { events: clean(change.events) } : {}),
      }),
  };
}

/** The same for everything that is shown. */
export function redactingOutput(output: Output, redact: Redact): Output {
  return {
    event: (at, event) => output.event(at, cleaned(event, redact)),
    progress: (progress) => output.progress?.({ ...progress, text: redact(progress.text) }),
    record: async (record) => output.record?.(cleaned(record, redact)),
    close: async () => output.close?.(),
  };
}

function cleaned<T>(value: T, redact: Redact): T {
  const text = JSON.stringify(value);
  if (text === undefined) return value;
  const clean = redact(text);
  return clean === text ? value : (JSON.parse(clean) as T);
}
