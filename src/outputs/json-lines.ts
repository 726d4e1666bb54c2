import type { RunRecord } from '../core/record.ts';
import type { Output } from '../ports/output.ts';
import { inertJson } from './inert-json.ts';
import { forgiving, type TextStream } from './text-stream.ts';

/** For programs: one event a line, `{"at":…,"type":…}`, and on close the whole record as the last line. */
export function jsonLines(stream: TextStream): Output {
  const write = forgiving(stream);
  let last: RunRecord | null = null;
  return {
    event: (at, event) => write(`${inertJson({ at, ...event })}\n`),
    record: async (record) => {
      last = record;
    },
    close: async () => {
      if (last !== null) write(`${inertJson(last)}\n`);
      last = null;
    },
  };
}
