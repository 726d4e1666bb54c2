import { expect, test } from 'vitest';
import { callerName } from '../core/user-agent.ts';
import type { LogEntry } from '../ports/logs.ts';
import { foreignCalls } from './foreign-calls.ts';

const run = '20261120t190000z-abcd';
const at = '2026-11-20T19:05:00.000000001Z';

function entry(audit: Partial<NonNullable<LogEntry['audit']>>, service: string | null = 'chat-auth'): LogEntry {
  const method = 'google.cloud.run.v2.Services.UpdateService';
  const call = { method, principal: 'ada@example.com', userAgent: 'gcloud/528', resource: null, succeeded: true };
  const rest = {
    severity: 'NOTICE',
    log: 'activity',
    revision: null,
    trace: null,
    text: null,
    json: null,
    request: null,
  };
  return { insertId: 'i', at, service, ...rest, audit: { ...call, ...audit } };
}

const command = { service: 'chat-auth', from: Date.parse(at) - 60_000, to: Date.parse(at) + 60_000 };

// [story, entry, what is told]
test.each<[string, LogEntry, string[]]>([
  ['a person with gcloud', entry({}), ['UpdateService chat-auth ada@example.com']],
  [
    'the first version of the API',
    entry({ method: 'google.cloud.run.v1.Services.ReplaceService' }),
    ['ReplaceService chat-auth ada@example.com'],
  ],
  [
    'a service that only the resource names',
    entry({ resource: 'projects/p/locations/l/services/chat-auth/revisions/r' }, null),
    ['UpdateService chat-auth ada@example.com'],
  ],
  ['a caller without an e-mail', entry({ principal: null }), ['UpdateService chat-auth null']],
  [
    'another run of loop',
    entry({ userAgent: callerName('1.0', 'other') }),
    ['UpdateService chat-auth ada@example.com'],
  ],
  ['this run', entry({ userAgent: `${callerName('1.0', run)} grpc-node-js/1.14.7,gzip(gfe)` }), []],
  [
    'a run whose id begins alike',
    entry({ userAgent: callerName('1.0', `${run}e`) }),
    ['UpdateService chat-auth ada@example.com'],
  ],
  ['a caller without a name', entry({ userAgent: null }), []],
  ['a refused call', entry({ succeeded: false }), []],
  ['a read', entry({ method: 'google.cloud.run.v2.Services.GetService' }), []],
  ['a change of a job', entry({ method: 'google.cloud.run.v2.Jobs.UpdateJob' }), []],
])('%s', (_story, one, told) => {
  expect(foreignCalls([one], run, []).map(({ method, service, by }) => `${method} ${service} ${by}`)).toEqual(told);
});

test('what calls while a deploy command of ours is at work is ours, on its service and at its time', () => {
  expect(foreignCalls([entry({})], run, [command])).toEqual([]);
  expect(foreignCalls([entry({}, 'chat-backend')], run, [command])).toHaveLength(1);
  expect(foreignCalls([entry({})], run, [{ ...command, to: command.from + 1 }])).toHaveLength(1);
});
