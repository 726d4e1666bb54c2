import { expect, it } from 'vitest';
import { applyMask } from './field-mask.ts';
import type { TrafficTarget } from './spec.ts';
import { readTrace, traceHeaders } from './trace-context.ts';
import { pickRevision } from './traffic.ts';

const route = (revision: string, percent: number, tag = ''): TrafficTarget => ({
  type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION',
  revision,
  percent,
  tag,
});

it.each([
  ['all to one', [route('a', 100)], '', 0.999, 'a'],
  ['the first share', [route('a', 10), route('b', 90)], '', 0.0999, 'a'],
  ['the second share', [route('a', 10), route('b', 90)], '', 0.1, 'b'],
  ['0 % gets nothing', [route('a', 0, 'try'), route('b', 100)], '', 0, 'b'],
  ['a tag', [route('a', 0, 'try'), route('b', 100)], 'try', 0.5, 'a'],
  ['a tag that is gone', [route('b', 100)], 'try', 0.5, null],
  ['no route', [], '', 0.5, null],
])('a request goes by %s', (_title, routes, tag, chance, revision) => {
  expect(pickRevision(routes, tag, () => chance)).toBe(revision);
});

const id = '0af7651916cd43dd8448eb211c80319c';
it.each([
  ['traceparent, sampled', { traceparent: `00-${id}-00f067aa0ba902b7-01` }, id, true],
  ['traceparent, not sampled', { traceparent: `00-${id}-00f067aa0ba902b7-00` }, id, false],
  ['Cloud Trace', { 'x-cloud-trace-context': `${id}/123;o=1` }, id, true],
  ['the bare id', { 'x-cloud-trace-context': id }, id, false],
  ['nothing', {}, '8'.repeat(32), false],
  ['a trace of zeros', { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }, '8'.repeat(32), false],
  ['nonsense', { traceparent: 'x', 'x-cloud-trace-context': 'y' }, '8'.repeat(32), false],
])('the trace is read from %s', (_title, headers, traceId, sampled) => {
  const context = readTrace(headers, () => 0.5);
  expect(context).toEqual({ traceId, sampled, spanId: '8'.repeat(16) });
  expect(traceHeaders(context).traceparent).toBe(`00-${traceId}-8888888888888888-0${sampled ? 1 : 0}`);
});

const stored = { description: 'old', labels: { a: '1' }, scaling: { minInstanceCount: 1, maxInstanceCount: 2 } };
const given = { description: 'new', labels: {}, scaling: { minInstanceCount: 5, maxInstanceCount: 9 } };
it.each([
  [[], given],
  [['description'], { ...stored, description: 'new' }],
  [['description', 'labels'], { ...stored, description: 'new', labels: {} }],
  [['scaling.min_instance_count'], { ...stored, scaling: { minInstanceCount: 5, maxInstanceCount: 2 } }],
  [['uri'], "update_mask path 'uri' is not a field of Service that can be changed."],
  [['scaling.nothing'], "update_mask path 'scaling.nothing' does not exist."],
  [['description.x'], "update_mask path 'description.x' does not exist."],
])('the mask %j takes', (paths, expected) => {
  const merged = applyMask(stored, given, paths);
  expect(merged.ok ? merged.value : merged.message).toEqual(expected);
});
