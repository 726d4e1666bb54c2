import { expect, test } from 'vitest';
import { jsonLines } from './json-lines.ts';
import { hostileText } from './testing/hostile-record.ts';
import { sampleRecord } from './testing/sample-record.ts';

const at = '2026-11-20T19:08:01.000Z';

test('one event a line, the record last, and no character that acts in a terminal', async () => {
  let text = '';
  const output = jsonLines({ write: (chunk) => (text += chunk) });
  output.event(at, { type: 'note', stage: 'testing', what: hostileText });
  await output.record?.(sampleRecord());
  output.event(at, { type: 'run-ended', run: 'r', state: 'finished', verdict: 'NO-GO', exitCode: 1, reason: 'red' });
  await output.close?.();
  const lines = text.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { at, type: 'note', stage: 'testing', what: hostileText },
    { at, type: 'run-ended', run: 'r', state: 'finished', verdict: 'NO-GO', exitCode: 1, reason: 'red' },
    sampleRecord(),
  ]);
  expect(text).not.toMatch(/[^\P{C}\n]/u);
});

test('a reader that went away ends nothing', async () => {
  const listeners: ((error: Error) => void)[] = [];
  let writes = 0;
  const stream = { write: () => (writes += 1), on: (_: 'error', tell: (error: Error) => void) => listeners.push(tell) };
  const output = jsonLines(stream);
  listeners[0]?.(new Error('EPIPE'));
  output.event(at, { type: 'note', stage: 'testing', what: 'still working' });
  await output.close?.();
  expect(writes).toBe(0);
});
