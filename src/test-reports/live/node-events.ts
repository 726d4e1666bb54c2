import { parseLine } from '../json/json-line.ts';
import { asNumber, asObject, asText } from '../json/json-value.ts';
import { type LiveDialect, nothing } from './live-dialect.ts';

const levelsMax = 64;

/**
 * The events of node's test runner, one JSON object a line: `{ "type": "test:dequeue", "data": { "name", "nesting", "file" } }`.
 * node's own reporters tell a test only when it has ended; a reporter of three lines tells what begins.
 */
export const nodeEvents: LiveDialect = {
  name: 'node-events',
  begins: true,
  knows: (line) => /^\{"type":"test:[a-z]+"/.test(line),
  open() {
    const byFile = new Map<string, string[]>();
    return {
      take(line) {
        const event = parseLine(line);
        const data = asObject(event?.data);
        const [name, nesting, file] = [asText(data.name), asNumber(data.nesting) ?? 0, asText(data.file) ?? ''];
        // With files in processes of their own each file is a test too, around all of its tests.
        if (name === undefined || name === file || nesting < 0 || nesting > levelsMax) return nothing;
        const path = byFile.get(file) ?? [];
        byFile.set(file, path);
        const test = { suite: path.slice(0, nesting), name, levels: [file, ...path.slice(0, nesting), name] };
        switch (event?.type) {
          case 'test:dequeue':
            path.splice(nesting, path.length, name);
            return [{ is: 'began', test }];
          case 'test:pass':
          case 'test:fail': {
            const green = event.type === 'test:pass' ? 'passed' : 'failed';
            const skipped = isSet(data.skip) || isSet(data.todo);
            return [{ is: 'ended', test, outcome: skipped ? 'skipped' : green }];
          }
          default:
            return nothing;
        }
      },
    };
  },
};

function isSet(value: unknown): boolean {
  return value !== undefined && value !== false && value !== null;
}
