import { once } from 'node:events';
import type { protos } from '@google-cloud/logging-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { readAudit } from '../read-audit.ts';
import type { Emulator } from '../server.ts';
import {
  type Clients,
  helloApp,
  makeClients,
  makeStateFolder,
  parent,
  refusalOf,
  removeFolder,
  startTestEmulator,
  template,
  writeImage,
} from '../test-bed.ts';

type Entry = protos.google.logging.v2.ILogEntry;
const folder = makeStateFolder();
const traceId = '0123456789abcdef0123456789abcdef';
let emulator: Emulator;
let clients: Clients;
let url: string;

beforeAll(async () => {
  const image = writeImage(folder, 'hello', helloApp);
  emulator = await startTestEmulator(folder);
  clients = makeClients(emulator.state);
  const service = { template: template(image, { revision: 'chat-r1' }) };
  const [operation] = await clients.services.createService({ parent, serviceId: 'chat', service }, clients.call);
  const [done] = await operation.promise();
  url = `${done.uri}`;
});
afterAll(async () => {
  await emulator.close();
  removeFolder(folder);
});

async function list(filter: string, options: { orderBy?: string; pageSize?: number; pageToken?: string } = {}) {
  const [entries, , response] = await clients.logs.listLogEntries(
    { resourceNames: ['projects/demo'], filter, ...options },
    { ...clients.call, autoPaginate: false },
  );
  return { entries: entries as Entry[], nextPageToken: response?.nextPageToken ?? '' };
}

/** Entries come a moment after what they tell of. */
async function listUntil(filter: string, count: number): Promise<Entry[]> {
  for (let look = 0; look < 100; look += 1) {
    const { entries } = await list(filter);
    if (entries.length >= count) return entries;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never ${count} entries for ${filter}`);
}

function write(texts: readonly string[], id = 'test', second = 0) {
  const entries = texts.map((textPayload, index) => ({
    textPayload,
    timestamp: { seconds: 1_700_000_000 + second + index, nanos: index },
  }));
  const logName = `projects/demo/logs/${id}`;
  return clients.logs.writeLogEntries({ logName, resource: { type: 'global' }, entries }, clients.call);
}

describe('a request', () => {
  it('leaves an entry as Cloud Run’s, with the caller’s trace, and passes the trace on', async () => {
    const headers = {
      'user-agent': 'loop/run-1',
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
      'x-secret': 'never-logged',
    };
    const told = (await (await fetch(`${url}/hello?q=1`, { headers })).json()) as { headers: Record<string, string> };
    const [entry] = await listUntil('httpRequest.userAgent="loop/run-1"', 1);
    expect(entry).toMatchObject({
      logName: 'projects/demo/logs/run.googleapis.com%2Frequests',
      severity: 'INFO',
      trace: `projects/demo/traces/${traceId}`,
      traceSampled: true,
      resource: {
        type: 'cloud_run_revision',
        labels: {
          project_id: 'demo',
          location: 'local',
          service_name: 'chat',
          configuration_name: 'chat',
          revision_name: 'chat-r1',
        },
      },
      httpRequest: {
        requestMethod: 'GET',
        requestUrl: `${url}/hello?q=1`,
        status: 200,
        remoteIp: '127.0.0.1',
        protocol: 'HTTP/1.1',
      },
    });
    expect(Number(entry?.httpRequest?.requestSize)).toBeGreaterThan(100);
    expect(Number(entry?.httpRequest?.responseSize)).toBeGreaterThan(100);
    expect(Number(entry?.httpRequest?.latency?.nanos)).toBeGreaterThan(0);
    expect(entry?.insertId).toMatch(/^[0-9a-f]{24}$/);
    expect(told.headers.traceparent).toBe(`00-${traceId}-${entry?.spanId}-01`);
    expect(told.headers['x-cloud-trace-context']).toMatch(new RegExp(`^${traceId}/\\d+;o=1$`));
    expect((await list('"never-logged"')).entries).toEqual([]);
  });

  it('is a warning at 404, an error at 503, with the platform’s words when the instance broke', async () => {
    await fetch(`${url}/missing`);
    await fetch(`${url}/crash`);
    const [missing] = await listUntil('httpRequest.status=404', 1);
    const [crash] = await listUntil('httpRequest.status=503', 1);
    expect(missing?.severity).toBe('WARNING');
    expect(crash).toMatchObject({ severity: 'ERROR', httpRequest: { requestUrl: `${url}/crash` } });
    expect(crash?.textPayload).toContain('connection to the instance had an error');
  });

  it('of a WebSocket is written when it closes, status 101', async () => {
    const socket = new WebSocket(`${url}/ws`.replace('http', 'ws'), { headers: { 'user-agent': 'loop/ws' } });
    await once(socket, 'message');
    expect((await list('httpRequest.userAgent="loop/ws"')).entries).toEqual([]);
    socket.close();
    const [entry] = await listUntil('httpRequest.userAgent="loop/ws"', 1);
    expect(entry).toMatchObject({ severity: 'INFO', httpRequest: { status: 101, requestUrl: `${url}/ws` } });
  });
});

describe('output', () => {
  it('is text without a severity, or JSON whose special fields are lifted', async () => {
    await fetch(`${url}/lines`, { headers: { traceparent: `00-${'a'.repeat(32)}-00f067aa0ba902b7-00` } });
    const [json] = await listUntil('jsonPayload.path="/lines"', 1);
    const [text] = await listUntil('textPayload="plain line for /lines"', 1);
    const [error] = await listUntil('logName:"stderr" AND textPayload:"on stderr"', 1);
    expect(text).toMatchObject({ severity: 'DEFAULT', logName: 'projects/demo/logs/run.googleapis.com%2Fstdout' });
    expect(text?.labels?.instanceId).toMatch(/^00[0-9a-f]{62}$/);
    expect(json).toMatchObject({ severity: 'WARNING', trace: `projects/demo/traces/${'a'.repeat(32)}` });
    expect(Object.keys(json?.jsonPayload?.fields ?? {}).sort()).toEqual(['message', 'path']);
    expect(error?.severity).toBe('DEFAULT');
    expect((await list('severity>=WARNING AND "on stderr"')).entries).toEqual([]);
  });

  it('of the platform tells boots, probes and exits', async () => {
    const boots = await listUntil('logName:"varlog%2Fsystem" "Starting new instance."', 2);
    expect(boots[0]?.textPayload).toContain('Reason: DEPLOYMENT_ROLLOUT');
    expect(boots[1]?.textPayload).toContain('Reason: AUTOSCALING');
    const [probe] = await listUntil('"STARTUP TCP probe succeeded"', 1);
    expect(probe?.textPayload).toMatch(
      /^Default STARTUP TCP probe succeeded after 1 attempt for container "chat-1" on port \d+\.$/,
    );
    const [exit] = await listUntil('"Container called exit(3)."', 1);
    expect(exit).toMatchObject({ severity: 'WARNING', labels: { container_name: 'chat-1' } });
  });
});

it('a change leaves an audit entry that says who, what and how it ended', async () => {
  const [activity] = await listUntil('protoPayload.methodName="google.cloud.run.v2.Services.CreateService"', 1);
  const [event] = await listUntil('logName:"system_event" resource.labels.revision_name="chat-r1"', 1);
  expect(activity).toMatchObject({
    severity: 'NOTICE',
    logName: 'projects/demo/logs/cloudaudit.googleapis.com%2Factivity',
  });
  expect(readAudit(activity)).toMatchObject({
    serviceName: 'run.googleapis.com',
    methodName: 'google.cloud.run.v2.Services.CreateService',
    resourceName: `${parent}/services/chat`,
    authenticationInfo: { principalEmail: 'loop-emulator@demo.iam.gserviceaccount.com' },
  });
  const told = readAudit(event) as { status: { message: string } };
  expect(told.status.message).toMatch(
    /^Ready condition status changed to True for Revision chat-r1 with message: Deploying revision succeeded in [\d.]+s\.$/,
  );
});

describe('written entries', () => {
  it('come in pages that later entries neither shift nor repeat, in both orders', async () => {
    await write(['p0', 'p1', 'p2', 'p3', 'p4'], 'paged');
    for (const orderBy of ['timestamp asc', 'timestamp desc']) {
      const filter = `logName="projects/demo/logs/paged" AND timestamp<"2023-11-14T22:13:40Z" AND textPayload=~"^p\\d$"`;
      const first = await list(filter, { orderBy, pageSize: 2 });
      await write([`late ${orderBy}`], 'paged', 1);
      const second = await list(filter, { orderBy, pageSize: 2, pageToken: first.nextPageToken });
      const third = await list(filter, { orderBy, pageSize: 2, pageToken: second.nextPageToken });
      const texts = [...first.entries, ...second.entries, ...third.entries].map(({ textPayload }) => textPayload);
      const expected = ['p0', 'p1', 'p2', 'p3', 'p4'];
      expect(texts).toEqual(orderBy.endsWith('asc') ? expected : expected.reverse());
      expect(third.nextPageToken).toBe('');
    }
  });

  it('keep their nanoseconds, ids and JSON', async () => {
    const entry = {
      logName: 'projects/demo/logs/exact',
      resource: { type: 'global' },
      insertId: 'mine',
      severity: 'CRITICAL' as const,
      timestamp: { seconds: 1_700_000_000, nanos: 123_456_789 },
      jsonPayload: {
        fields: { list: { listValue: { values: [{ numberValue: 1 }, { nullValue: 'NULL_VALUE' as const }] } } },
      },
    };
    await clients.logs.writeLogEntries({ entries: [entry, entry] }, clients.call);
    const { entries } = await list('insertId="mine"');
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      severity: 'CRITICAL',
      timestamp: { seconds: '1700000000', nanos: 123_456_789 },
    });
    expect(entries[0]?.jsonPayload?.fields?.list?.listValue?.values).toHaveLength(2);
    const [names] = await clients.logs.listLogs({ parent: 'projects/demo' }, clients.call);
    expect(names).toContain('projects/demo/logs/exact');
  });

  it('can be followed while they come', async () => {
    const stream = clients.logs.tailLogEntries(clients.call);
    stream.on('error', () => {});
    stream.write({
      resourceNames: ['projects/demo'],
      filter: 'logName:"tailed" AND textPayload:"yes"',
      bufferWindow: { nanos: 1 },
    });
    const answer = once(stream, 'data');
    // The stream has no answer to its first request, so one entry is written until it is told.
    const timer = setInterval(() => void write(['no', `yes ${Date.now()}`], 'tailed', Date.now() % 1000), 20);
    const [response] = (await answer) as [{ entries: Entry[] }];
    clearInterval(timer);
    stream.end();
    expect(response.entries.every(({ textPayload }) => textPayload?.startsWith('yes'))).toBe(true);
  });
});

it.each([
  [
    'a filter that is not understood',
    { filter: 'severity>>ERROR' },
    "3 Unparseable filter: syntax error at line 1, column 10, token '>'",
  ],
  [
    'a page token of its own making',
    { pageToken: 'nonsense' },
    "3 page_token doesn't match arguments from the request, or is malformed.",
  ],
  ['an order by something else', { orderBy: 'severity' }, "3 Invalid order_by 'severity'."],
  ['no resource name', { resourceNames: [] }, '3 At least one resource name must be given.'],
  [
    'a bucket',
    { resourceNames: ['projects/demo/locations/global/buckets/x'] },
    '12 The emulator reads logs of projects only',
  ],
])('a query with %s is refused', async (_title, request, expected) => {
  const work = clients.logs.listLogEntries(
    { resourceNames: ['projects/demo'], ...request },
    { ...clients.call, autoPaginate: false },
  );
  expect(await refusalOf(work)).toContain(expected);
});

it('a page token belongs to its query', async () => {
  await write(['q0', 'q1'], 'bound');
  const { nextPageToken: pageToken } = await list('logName:"bound"', { pageSize: 1 });
  expect(await refusalOf(list('textPayload:"q"', { pageSize: 1, pageToken }))).toContain('3 page_token');
});

it('a tail without the token is refused', async () => {
  const stream = clients.logs.tailLogEntries();
  const failure = once(stream, 'error');
  stream.write({ resourceNames: ['projects/demo'] });
  expect((await failure)[0]).toMatchObject({ code: 16 });
});
