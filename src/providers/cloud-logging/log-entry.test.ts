import type { protos } from '@google-cloud/logging-api';
import { fromJSON, type MessageTypeDefinition } from '@grpc/proto-loader';
import { expect, it } from 'vitest';
import { filterFor } from './filter.ts';
import { logEntry } from './log-entry.ts';

type WireEntry = protos.google.logging.v2.ILogEntry;

const redact = (text: string): string => text.replaceAll('s3cret', '[redacted]');

it.each([
  ['projects/p/logs/run.googleapis.com%2Fstdout', 'stdout'],
  ['projects/p/logs/run.googleapis.com%2Fvarlog%2Fsystem', 'varlog/system'],
  ['projects/p/logs/cloudaudit.googleapis.com%2Factivity', 'activity'],
  ['projects/p/logs/my-app', 'my-app'],
  ['projects/p/logs/bad%escape', 'bad%escape'],
])('%s is the log %s', (logName, log) => {
  expect(logEntry({ logName }, redact).log).toBe(log);
});

it('keeps nanoseconds, the labels of the resource and the bare trace', () => {
  const entry: WireEntry = {
    insertId: 'i1',
    timestamp: { seconds: '1763664000', nanos: 1_200_003 },
    severity: 'WARNING',
    trace: 'projects/p/traces/0123abc',
    resource: { type: 'cloud_run_revision', labels: { service_name: 'auth', revision_name: 'auth-1' } },
    textPayload: 'hello',
  };
  expect(logEntry(entry, redact)).toMatchObject({
    insertId: 'i1',
    at: '2025-11-20T18:40:00.001200003Z',
    severity: 'WARNING',
    service: 'auth',
    revision: 'auth-1',
    trace: '0123abc',
    text: 'hello',
    json: null,
    request: null,
  });
});

it('what is not there is null, and a line without severity is DEFAULT', () => {
  expect(logEntry({ resource: { labels: { revision_name: '' } } }, redact)).toMatchObject({
    severity: 'DEFAULT',
    service: null,
    revision: null,
    trace: null,
    text: null,
  });
});

it('redacts every text that a service wrote, keys and nested values included', () => {
  const entry: WireEntry = {
    textPayload: 'token s3cret',
    jsonPayload: {
      fields: {
        's3cret-key': { stringValue: 's3cret' },
        list: { listValue: { values: [{ structValue: { fields: { deep: { stringValue: 'a s3cret b' } } } }] } },
        number: { numberValue: 0 },
        no: { boolValue: false },
        none: { nullValue: 'NULL_VALUE' },
      },
    },
    httpRequest: {
      requestMethod: 'GET',
      requestUrl: 'http://a/?t=s3cret',
      userAgent: 'ua s3cret',
      status: 200,
      latency: { seconds: '1', nanos: 500_000 },
    },
  };
  const read = logEntry(entry, redact);
  expect(JSON.stringify(read)).not.toContain('s3cret');
  expect(read.json).toEqual({
    '[redacted]-key': '[redacted]',
    list: [{ deep: 'a [redacted] b' }],
    number: 0,
    no: false,
    none: null,
  });
  expect(read.request).toMatchObject({ method: 'GET', status: 200, latencyMs: 1000.5 });
});

it.each([
  [
    'another type',
    { type_url: 'type.googleapis.com/x.Y', value: Buffer.from('a') },
    { '@type': 'type.googleapis.com/x.Y' },
  ],
  [
    'bytes that are none',
    { type_url: 'type.googleapis.com/google.cloud.audit.AuditLog', value: Buffer.from([0xff, 0xff]) },
    { '@type': 'type.googleapis.com/google.cloud.audit.AuditLog', unreadable: true },
  ],
])('a payload of %s is kept by its type', (_name, protoPayload, json) => {
  expect(logEntry({ protoPayload }, redact).json).toEqual(json);
});

it('a filter keeps data inside its quotes', () => {
  const query = { services: ['a', 'b"c'], from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', entriesMax: 1 };
  expect(filterFor(query, 'p')).toBe(
    'resource.type="cloud_run_revision" AND resource.labels.service_name=("a" OR "b\\"c") AND ' +
      'timestamp>="2026-01-01T00:00:00Z" AND timestamp<"2026-01-02T00:00:00Z"',
  );
  expect(filterFor({ ...query, userAgent: 'x\\' }, 'p')).toMatch(/ AND httpRequest\.userAgent:"x\\\\"$/);
  expect(filterFor({ ...query, only: 'requests', revision: 'a-1"' }, 'p')).toMatch(
    / AND logName="projects\/p\/logs\/run\.googleapis\.com%2Frequests" AND resource\.labels\.revision_name="a-1\\""$/,
  );
  expect(filterFor({ ...query, only: 'audit' }, 'p')).toMatch(
    / AND logName="projects\/p\/logs\/cloudaudit\.googleapis\.com%2Factivity"$/,
  );
});

/** As Google writes it: https://github.com/googleapis/googleapis/blob/master/google/cloud/audit/audit_log.proto. */
const auditLog = fromJSON({
  nested: {
    AuditLog: {
      fields: {
        status: { type: 'Status', id: 2 },
        authenticationInfo: { type: 'Auth', id: 3 },
        requestMetadata: { type: 'Meta', id: 4 },
        methodName: { type: 'string', id: 8 },
        resourceName: { type: 'string', id: 11 },
      },
    },
    Status: { fields: { code: { type: 'int32', id: 1 }, message: { type: 'string', id: 2 } } },
    Auth: { fields: { principalEmail: { type: 'string', id: 1 }, principalSubject: { type: 'string', id: 8 } } },
    Meta: { fields: { callerIp: { type: 'string', id: 1 }, callerSuppliedUserAgent: { type: 'string', id: 2 } } },
  },
}).AuditLog as MessageTypeDefinition<object, object>;

const call = { methodName: 'google.cloud.run.v1.Services.ReplaceService', resourceName: 'namespaces/p/services/a' };
const told = {
  method: call.methodName,
  resource: call.resourceName,
  principal: null,
  userAgent: null,
  succeeded: true,
};

it.each([
  [
    'a change by a person',
    {
      ...call,
      authenticationInfo: { principalEmail: 'ada@example.com' },
      requestMetadata: { callerIp: '10.0.0.1', callerSuppliedUserAgent: 'gcloud/528 s3cret' },
    },
    { ...told, principal: 'ada@example.com', userAgent: 'gcloud/528 [redacted]' },
  ],
  [
    'a federated caller, who has no e-mail',
    { ...call, authenticationInfo: { principalSubject: 'principal://iam/ci' } },
    { ...told, principal: 'principal://iam/ci' },
  ],
  ['a status that says all is well', { ...call, status: {} }, told],
  ['a refusal', { ...call, status: { code: 7, message: 'no' } }, { ...told, succeeded: false }],
  ['an entry without a method', { resourceName: call.resourceName }, null],
])('the audit entry of %s tells who did what', (_name, message, audit) => {
  const value = auditLog.serialize(message);
  const protoPayload = { type_url: 'type.googleapis.com/google.cloud.audit.AuditLog', value };
  expect(logEntry({ protoPayload }, redact).audit).toEqual(audit);
});

it('what a service writes itself is no audit entry, whatever it looks like', () => {
  const fields = {
    '@type': { stringValue: 'type.googleapis.com/google.cloud.audit.AuditLog' },
    methodName: { stringValue: call.methodName },
  };
  expect(logEntry({ jsonPayload: { fields } }, redact).audit).toBeNull();
});
