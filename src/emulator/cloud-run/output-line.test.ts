import { describe, expect, it } from 'vitest';
import { lineSplitter } from './line-splitter.ts';
import { readOutputLine } from './output-line.ts';

const trace = 'a'.repeat(32);

it.each([
  ['[ERROR] Worker failed', { textPayload: '[ERROR] Worker failed' }],
  ['{"severity":"ERROR"', { textPayload: '{"severity":"ERROR"' }],
  ['[1,2]', { textPayload: '[1,2]' }],
  ['{"message":"x"}', { jsonPayload: { message: 'x' } }],
  ['{"severity":"warn","message":"x"}', { severity: 'WARNING', jsonPayload: { message: 'x' } }],
  ['{"severity":"loud","message":"x"}', { jsonPayload: { message: 'x' } }],
  ['{"time":"2025-09-16T00:42:59.91Z","a":1}', { timestamp: '2025-09-16T00:42:59.910000000Z', jsonPayload: { a: 1 } }],
  ['{"time":"soon","a":1}', { jsonPayload: { a: 1, time: 'soon' } }],
  [
    `{"logging.googleapis.com/trace":"${trace}","a":1}`,
    { trace: `projects/demo/traces/${trace}`, jsonPayload: { a: 1 } },
  ],
  ['{"logging.googleapis.com/trace":"projects/p/traces/1"}', { trace: 'projects/p/traces/1', jsonPayload: {} }],
  [
    '{"logging.googleapis.com/spanId":"7","logging.googleapis.com/insertId":"i","logging.googleapis.com/labels":{"k":"v"},"logging.googleapis.com/trace_sampled":true}',
    { spanId: '7', insertId: 'i', labels: { k: 'v' }, traceSampled: true, jsonPayload: {} },
  ],
])('the line %s', (line, entry) => {
  expect(readOutputLine(line, 'demo')).toEqual(entry);
});

describe('a stream of output', () => {
  const cut = (...chunks: (string | Buffer)[]) => {
    const lines: string[] = [];
    const splitter = lineSplitter((line) => lines.push(line));
    for (const chunk of chunks) splitter.push(Buffer.from(chunk));
    splitter.end();
    return lines;
  };
  const euro = Buffer.from('€');

  it.each([
    ['lines over chunks', ['a', 'b\nc', '\n'], ['ab', 'c']],
    ['a last line without an end', ['a\nb'], ['a', 'b']],
    ['empty lines are nothing', ['\n\na\n'], ['a']],
    ['CRLF', ['a\r\nb\r\n'], ['a', 'b']],
    ['a character cut in two', [euro.subarray(0, 1), euro.subarray(1)], ['€']],
  ])('%s', (_title, chunks, lines) => {
    expect(cut(...chunks)).toEqual(lines);
  });

  it('a line without an end is told in parts', () => {
    expect(cut('x'.repeat(600_000)).map((part) => part.length)).toEqual([262_144, 262_144, 75_712]);
  });
});
