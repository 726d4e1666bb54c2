import { describe, expect, test } from 'vitest';
import { groupFailures, type RedInSuite } from './failure-groups.ts';

const inEvents = { suite: 'websocket-events', service: 'backend', priority: 'P1' } as const;
const inGolden = { suite: 'golden-path', service: 'frontend', priority: 'P2' } as const;
const payload = [
  red(inEvents, 'names its tool', 'tool_executing has no tool_name (keys: type, payload)'),
  red(inEvents, 'completed names its tool', 'tool_completed has no tool_name (keys: type, payload)'),
  red(inEvents, 'carries results', 'tool_completed has no results (keys: type, payload)'),
];

describe('one cause for', () => {
  test.each([
    ['three missing fields in one suite', payload, 1],
    ['a missing field in another suite', [...payload, red(inGolden, 'answers', 'tool_completed has no results')], 1],
    [
      'a suite that only names the missing field',
      [...payload, red(inGolden, 'shows', 'the page shows tool_name as ""')],
      1,
    ],
    [
      'the same message about the same service',
      [red(inEvents, 'a', 'lost 1 of 2'), red({ ...inEvents, suite: 'websockets' }, 'b', 'lost 3 of 4')],
      1,
    ],
    [
      'the same endpoint failing in two suites',
      [red(inEvents, 'a', 'GET /api/x answered 503'), red(inGolden, 'b', 'after login GET /api/x gave 503')],
      1,
    ],
    [
      'the same product file in the stack',
      [red(inEvents, 'a', 'x', 'backend/agent.js'), red(inEvents, 'b', 'y', 'backend/agent.js')],
      1,
    ],
    [
      'one connection refused',
      [red(inEvents, 'a', 'connect ECONNREFUSED 127.0.0.1:1'), red(inEvents, 'b', 'fetch failed: ECONNREFUSED')],
      1,
    ],
  ])('%s', (_story, reds, groups) => {
    expect(groupFailures(reds)).toHaveLength(groups);
  });
});

describe('two causes for', () => {
  test.each([
    ['two messages without anything in common', [red(inEvents, 'a', 'too slow'), red(inEvents, 'b', 'wrong order')]],
    [
      'the same test file in the stack',
      [red(inEvents, 'a', 'too slow', 'e2e/a.test.js'), red(inEvents, 'b', 'wrong order', 'e2e/a.test.js')],
    ],
    [
      'the same dependency in the stack',
      [
        red(inEvents, 'a', 'too slow', 'node_modules/ws/x.js'),
        red(inEvents, 'b', 'wrong order', 'node_modules/ws/x.js'),
      ],
    ],
    ['two statuses', [red(inEvents, 'a', 'expected 200, got 401'), red(inEvents, 'b', 'expected 200, got 503')]],
    ['the same message about two services', [red(inEvents, 'a', 'too slow'), red(inGolden, 'b', 'too slow')]],
    ['two controls', [red(inEvents, 'a', 'too slow'), { ...red(inEvents, 'b', 'too slow'), means: 'flaky' as const }]],
  ])('%s', (_story, reds) => {
    expect(groupFailures(reds)).toHaveLength(2);
  });
});

test('a cause tells what it is about, whatever the order of its tests', () => {
  const reds = [red(inGolden, 'answers', 'tool_completed has no results'), ...payload];
  const [group] = groupFailures(reds);
  expect(group).toMatchObject({
    ...inEvents,
    means: 'revision',
    says: 'tool_completed has no results (keys: type, payload)',
    services: ['backend', 'frontend'],
    missing: ['results', 'tool_name'],
  });
  expect(group?.joinedBecause).toContain('miss results');
  expect(group?.reds.map(({ test: { name } }) => name)).toEqual([
    'carries results',
    'completed names its tool',
    'names its tool',
    'answers',
  ]);
  expect(groupFailures([...reds].reverse())).toEqual(groupFailures(reds));
});

test('a cause keeps its fingerprint when another test fails or is renamed, and its aliases know it by every message', () => {
  const [before] = groupFailures(payload);
  const more = [
    ...payload,
    red(inGolden, 'answers', 'a page has no results'),
    red(inEvents, 'renamed', payload[0]?.test.message ?? ''),
  ];
  const [after] = groupFailures(more);
  expect(after?.fingerprint).toBe(before?.fingerprint);
  const [earlier] = groupFailures([...payload, red(inEvents, 'first', 'agent_started has no user')]);
  expect(earlier?.fingerprint).not.toBe(before?.fingerprint);
  expect(earlier?.aliases).toContain(before?.fingerprint);
});

function red(
  suite: Pick<RedInSuite, 'suite' | 'service' | 'priority'>,
  name: string,
  message: string,
  file = 'e2e/lib/expect.js',
): RedInSuite {
  const frames = [{ file, line: 12, function: null }];
  return {
    ...suite,
    means: 'revision',
    test: { id: `${suite.suite} > ${name}`, name, outcome: 'failed', attempts: 'F', message, frames },
  };
}
