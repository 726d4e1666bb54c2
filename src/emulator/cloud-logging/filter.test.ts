import { describe, expect, it } from 'vitest';
import { compileFilter } from './filter.ts';
import type { LogEntry } from './log-entry.ts';

const resource = {
  type: 'cloud_run_revision',
  labels: {
    service_name: 'chat-backend',
    revision_name: 'chat-backend-00002-abc',
    location: 'local',
    project_id: 'demo',
  },
};
const base = {
  resource,
  receiveTimestamp: '2025-09-16T00:43:00.000000000Z',
  labels: { instanceId: '00aa', 'k8s.io/name': 'x' },
};
const log = (id: string) => `projects/demo/logs/run.googleapis.com%2F${id}`;

const entries: Record<string, LogEntry> = {
  line: {
    ...base,
    logName: log('stdout'),
    timestamp: '2025-09-16T00:42:53.000000000Z',
    insertId: 'a1',
    textPayload: '[ERROR] Worker failed to boot',
  },
  json: {
    ...base,
    logName: log('stderr'),
    timestamp: '2025-09-16T00:42:54.500000001Z',
    insertId: 'a2',
    severity: 'ERROR',
    trace: 'projects/demo/traces/0123',
    jsonPayload: { message: 'tool_name missing', error: { code: 5, type: 'KeyError' }, keys: ['type', 'payload'] },
  },
  request: {
    ...base,
    logName: log('requests'),
    timestamp: '2025-09-16T00:42:55.000000000Z',
    insertId: 'a3',
    severity: 'WARNING',
    httpRequest: {
      requestMethod: 'GET',
      requestUrl: 'http://127.0.0.1:4000/api?q=1',
      requestSize: '302',
      status: 404,
      responseSize: '8998',
      userAgent: 'loop/run-1 node',
      remoteIp: '127.0.0.1',
      serverIp: '127.0.0.1',
      latency: '0.014146236s',
      protocol: 'HTTP/1.1',
    },
  },
  audit: {
    ...base,
    logName: 'projects/demo/logs/cloudaudit.googleapis.com%2Factivity',
    timestamp: '2025-09-16T00:42:56.000000000Z',
    insertId: 'a4',
    severity: 'NOTICE',
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      serviceName: 'run.googleapis.com',
      methodName: 'google.cloud.run.v2.Services.UpdateService',
      resourceName: 'projects/demo/locations/local/services/chat-backend',
    },
  },
};

const all = 'line json request audit';

describe('a filter selects', () => {
  it.each([
    ['', all],
    ['-- a comment alone\n', all],
    ['resource.type="cloud_run_revision"', all],
    ['resource.type=cloud_run_revision AND resource.labels.service_name = "CHAT-backend"', all],
    ['resource.labels.revision_name=("other" OR "chat-backend-00002-abc")', all],
    ['resource.labels.revision_name=("other" AND "chat-backend-00002-abc")', ''],
    ['logName="projects/demo/logs/run.googleapis.com%2Frequests"', 'request'],
    ['logName:"%2Fstd"', 'line json'],
    ['severity>=WARNING', 'json request'],
    ['severity>=DEFAULT', all],
    ['severity=DEFAULT', 'line'],
    ['severity!=ERROR', 'line request audit'],
    ['severity<="NOTICE"', 'line audit'],
    ['timestamp>="2025-09-16T00:42:54.5Z"', 'json request audit'],
    ['timestamp>"2025-09-16T00:42:54.500000001Z" timestamp<"2025-09-16T02:42:56+02:00"', 'request'],
    ['timestamp>="2025-09-16"', all],
    ['insertId="a3"', 'request'],
    ['trace="projects/demo/traces/0123"', 'json'],
    ['trace=""', 'line request audit'],
    ['trace:*', 'json'],
    ['httpRequest:*', 'request'],
    ['httpRequest.status>=400', 'request'],
    ['httpRequest.status<500', all],
    ['httpRequest.status<500 AND httpRequest:*', 'request'],
    ['httpRequest.responseSize > 9000', ''],
    ['httpRequest.responseSize > 1000', 'request'],
    ['httpRequest.latency >= "0.01s"', 'request'],
    ['httpRequest.latency > "1.5s"', ''],
    ['httpRequest.userAgent:"LOOP/run-1"', 'request'],
    ['httpRequest.requestUrl =~ "/api\\\\?q=\\d"', 'request'],
    ['httpRequest.userAgent !~ "^loop/"', 'line json audit'],
    ['textPayload =~ "worker"', ''],
    ['textPayload =~ "(?i)worker"', 'line'],
    ['jsonPayload.error.code = 5', 'json'],
    ['jsonPayload.error.code > -1', 'json'],
    ['jsonPayload.error.type != "ValueError"', 'json'],
    ['NOT jsonPayload.error.type = "ValueError"', all],
    ['jsonPayload.keys:"payload"', 'json'],
    ['jsonPayload.error:*', 'json'],
    ['-jsonPayload.error:*', 'line request audit'],
    ['labels."k8s.io/name"=x', all],
    ['labels.missing != "x"', ''],
    ['protoPayload.methodName:"UpdateService"', 'audit'],
    ['boot', 'line'],
    ['"failed to boot" OR "tool_name"', 'line json'],
    ['NOT (boot OR tool_name)', 'request audit'],
    ['severity=ERROR OR severity=WARNING AND logName:requests', 'request'],
    ['severity=ERROR OR (severity=WARNING AND logName:requests)', 'json request'],
    ['logName:requests -- the comment\n AND severity=WARNING', 'request'],
  ])('%s', (text, expected) => {
    const test = compileFilter(text);
    if (!test.ok) throw new Error(test.message);
    const found = Object.entries(entries).filter(([, entry]) => test.value(entry));
    expect(found.map(([name]) => name).join(' ')).toBe(expected);
  });
});

describe('a filter that is not understood is refused with its position', () => {
  it.each([
    ['severity>=', 'line 1, column 11'],
    ['severity=ERROR AND', 'line 1, column 19'],
    ['(severity=ERROR', 'line 1, column 16'],
    ['severity=ERROR)', 'line 1, column 15'],
    ['a\nAND AND b', 'line 2, column 5'],
    ['timestamp>=2024-01-01T00:00:00Z', 'line 1, column 25'],
    ['timestamp>="yesterday"', 'not an RFC 3339 timestamp'],
    ['severity>=LOUD', "'LOUD' is no severity"],
    ['httpRequest.flavor="x"', "Field not found: 'httpRequest.flavor'"],
    ['service="x"', "Field not found: 'service'"],
    ['textPayload=~"("', 'invalid regular expression'],
    ['textPayload="open', 'line 1, column 13'],
    ['log_id("stdout") AND x~y', "token '~'"],
    ['sample(insertId, 0.1)', 'column 16'],
    ['insertId=("a" OR "b" AND "c")', 'line 1, column 29'],
  ])('%s', (text, expected) => {
    const test = compileFilter(text);
    expect(test.ok ? 'accepted' : test.message).toContain(expected);
  });
});

it('a filter longer than the API takes is refused', () => {
  const test = compileFilter('x'.repeat(20_001));
  expect(test.ok ? 'accepted' : test.message).toContain('at most 20000');
});
