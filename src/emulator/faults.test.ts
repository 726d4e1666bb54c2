import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readAudit } from './read-audit.ts';
import type { Emulator } from './server.ts';
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
} from './test-bed.ts';

const folder = makeStateFolder();
const image = writeImage(folder, 'hello', helloApp);
const name = `${parent}/services/chat`;
let emulator: Emulator;
let clients: Clients;

beforeAll(async () => {
  emulator = await startTestEmulator(folder);
  clients = makeClients(emulator.state);
  await create('chat');
});
afterEach(() => inject({}));
afterAll(async () => {
  await emulator.close();
  removeFolder(folder);
});

async function inject(body: unknown, method = 'POST') {
  const { ports, token } = emulator.state;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`http://127.0.0.1:${ports.control}/faults`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(method === 'POST' ? { body: text } : {}),
  });
  const { error = '' } = (await response.json()) as { error?: string };
  return { status: response.status, error };
}

async function create(serviceId: string) {
  const service = { template: template(image) };
  const [operation] = await clients.services.createService({ parent, serviceId, service }, clients.call);
  await operation.promise();
}

/** A change of a label, by the emulator's account or by someone else. */
function label(value: string, principal?: string, service = name, etag = '') {
  const by: Record<string, string> = principal === undefined ? {} : { 'x-loop-principal': principal };
  const headers = { ...clients.call.otherArgs.headers, ...by };
  const request = { service: { name: service, etag, labels: { step: value } }, updateMask: { paths: ['labels'] } };
  return clients.services
    .updateService(request, { ...clients.call, otherArgs: { headers } })
    .then(([operation]) => operation.promise());
}

async function entries(filter: string) {
  const request = { resourceNames: ['projects/demo'], filter, pageSize: 100 };
  const [found] = await clients.logs.listLogEntries(request, { ...clients.call, autoPaginate: false });
  return found;
}

describe('a refused call', () => {
  it.each([
    [
      'permission-denied',
      `7 Permission 'run.services.update' denied on resource '${name}' (or resource may not exist).`,
    ],
    ['quota', "8 Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per region'"],
    ['aborted', "10 Conflict for resource 'chat': version '"],
    ['unavailable', '14 The service is currently unavailable.'],
    ['deadline-exceeded', '4 Deadline expired before operation could complete.'],
  ])('%s has the code and the words of Cloud Run, as often as asked for', async (preset, expected) => {
    await inject({ failNext: { method: 'UpdateService', preset } });
    expect(await refusalOf(label('a'))).toContain(expected);
    expect(await refusalOf(label('b'))).toBe('fine');
  });

  it('is of one service only, and one of several faults that hold at once', async () => {
    await create('other');
    const refused = { method: 'UpdateService', code: 9, message: 'no' };
    await inject({ faults: [{ service: 'other', failNext: refused }, { readySlowMs: 1 }] });
    expect(await refusalOf(label('c'))).toBe('fine');
    expect(await refusalOf(label('c', undefined, `${parent}/services/other`))).toBe('9 no');
  });

  it('that hangs ends at the deadline of the caller', async () => {
    await inject({ failNext: { method: 'GetService', preset: 'hang' } });
    const hasty = { ...clients.call, timeout: 100, retry: null };
    expect(await refusalOf(clients.services.getService({ name }, hasty))).toMatch(/^4 /);
    expect(await refusalOf(clients.services.getService({ name }, clients.call))).toBe('fine');
  });
});

describe('knobs of the platform', () => {
  it.each([
    ['quota', 8, 'Quota exceeded for total allowable CPU', 'ResourcesAvailable', 'COMMON_REASON_UNDEFINED'],
    ['image-permission', 7, 'must have permission to read the image', 'ContainerReady', 'CONTAINER_PERMISSION_DENIED'],
  ])('%s fails the revision, not the serving one', async (revisionFails, code, message, type, reason) => {
    const service = `fails-${revisionFails}`;
    await create(service);
    const before = await get(service);
    await inject({ service, revisionFails });
    const next = template(image, { env: { GREETING: 'two' } });
    const [operation] = await clients.services.updateService(
      { service: { name: `${parent}/services/${service}`, template: next }, updateMask: { paths: ['template'] } },
      clients.call,
    );
    expect(await refusalOf(operation.promise())).toMatch(new RegExp(`^${code} .*${message}`));
    const after = await get(service);
    expect(after.latestReadyRevision).toBe(before.latestReadyRevision);
    expect(after.latestCreatedRevision).not.toBe(before.latestReadyRevision);
    expect(after.conditions?.map(({ type: which, state }) => `${which} ${state}`)).toEqual([
      'RoutesReady CONDITION_SUCCEEDED',
      'ConfigurationsReady CONDITION_FAILED',
    ]);
    const [revision] = await clients.revisions.getRevision({ name: `${after.latestCreatedRevision}` }, clients.call);
    const told = revision.conditions?.find((condition) => condition.type === type);
    expect(told).toMatchObject({ state: 'CONDITION_FAILED', message: expect.stringContaining(message) });
    if (reason !== 'COMMON_REASON_UNDEFINED') expect(told).toMatchObject({ reason });
  });

  it('without addresses in the API the open port still answers', async () => {
    const { uri } = await get('chat');
    await inject({ service: 'chat', tagUrlsDisabled: true });
    expect(await get('chat')).toMatchObject({ uri: '', urls: [] });
    expect((await fetch(`${uri}/`)).status).toBe(200);
  });

  it('request entries are dropped while those of the program arrive; or none arrives', async () => {
    const { uri } = await get('chat');
    await inject({ requestLogsExcluded: true });
    await fetch(`${uri}/excluded`);
    expect(await entriesUntil('textPayload:"/excluded"', 1)).toHaveLength(1);
    expect(await entries('logName:"requests" httpRequest.requestUrl:"/excluded"')).toEqual([]);
    await inject({ noLogs: true });
    await fetch(`${uri}/silent`);
    await inject({});
    await fetch(`${uri}/spoken`);
    expect(await entriesUntil('textPayload:"/spoken"', 1)).toHaveLength(1);
    expect(await entries('"/silent"')).toEqual([]);
  });

  it('entries come late, and say so', async () => {
    const { uri } = await get('chat');
    await inject({ service: 'chat', ingestionDelayMs: 300 });
    await fetch(`${uri}/late`);
    expect(await entries('textPayload:"/late"')).toEqual([]);
    const [entry] = await entriesUntil('textPayload:"/late"', 1);
    const lag = millis(entry?.receiveTimestamp) - millis(entry?.timestamp);
    expect(lag).toBeGreaterThanOrEqual(299);
  });

  it('log reads beyond the minute’s quota are RESOURCE_EXHAUSTED', async () => {
    await inject({ logReadsPerMinute: 2 });
    const read = () => refusalOf(entries('"x"'));
    expect([await read(), await read()]).toEqual(['fine', 'fine']);
    const once = clients.logs.listLogEntries({ resourceNames: ['projects/demo'] }, { ...clients.call, retry: null });
    expect(await refusalOf(once)).toContain("8 Quota exceeded for quota metric 'Read requests'");
  });
});

describe('the request for faults', () => {
  it.each([
    ['an unknown knob', { unknown: 1 }, 'Unrecognized key: "unknown"'],
    ['a knob of the wrong type', { readySlowMs: 'long' }, 'readySlowMs: Invalid input: expected number'],
    ['a preset that is none', { faults: [{ failNext: { method: 'X', preset: 'boom' } }] }, 'faults.0.failNext'],
    ['no JSON', '{"a', 'body: '],
  ])('%s is answered 400 with its place', async (_title, body, message) => {
    expect(await inject(body)).toEqual({ status: 400, error: expect.stringContaining(message) });
  });

  it('without a body, or DELETE, clears', async () => {
    for (const clear of [() => inject(''), () => inject({}, 'DELETE')]) {
      await inject({ failNext: { method: 'GetService', preset: 'unavailable', times: 99 } });
      expect((await clear()).status).toBe(200);
      expect(await refusalOf(get('chat'))).toBe('fine');
    }
  });
});

describe('the audit entry of a change', () => {
  const updates = 'protoPayload.methodName="google.cloud.run.v2.Services.UpdateService"';

  it('names the account that the caller says it is, its user agent and the resource', async () => {
    await label('foreign', 'mallory@example.com');
    const found = await entries(`${updates} protoPayload.authenticationInfo.principalEmail="mallory@example.com"`);
    expect(found).toHaveLength(1);
    expect(found[0]?.resource?.labels).toMatchObject({ service_name: 'chat', revision_name: '' });
    expect(readAudit(found[0])).toMatchObject({
      resourceName: name,
      authenticationInfo: { principalEmail: 'mallory@example.com' },
      requestMetadata: { callerIp: '127.0.0.1', callerSuppliedUserAgent: expect.stringContaining('grpc-node') },
      status: null,
    });
    expect(await get('chat')).toMatchObject({
      creator: 'loop-emulator@demo.iam.gserviceaccount.com',
      lastModifier: 'mallory@example.com',
    });
  });

  it('tells the status of a refused one, whether a fault or the state refused it', async () => {
    await inject({ failNext: { method: 'UpdateService', preset: 'permission-denied' } });
    await refusalOf(label('x', 'refused@example.com'));
    await refusalOf(label('y', 'late@example.com', name, '"old"'));
    const codes = await Promise.all(
      ['refused', 'late'].map(async (who) => {
        const [entry] = await entries(`protoPayload.authenticationInfo.principalEmail="${who}@example.com"`);
        expect(entry?.severity).toBe('ERROR');
        return (readAudit(entry) as { status: { code: number } }).status.code;
      }),
    );
    expect(codes).toEqual([7, 10]);
  });
});

async function get(service: string) {
  const [found] = await clients.services.getService({ name: `${parent}/services/${service}` }, clients.call);
  return found;
}

async function entriesUntil(filter: string, count: number) {
  const end = performance.now() + 5000;
  let found = await entries(filter);
  while (found.length < count && performance.now() < end) found = await entries(filter);
  return found;
}

function millis(instant: unknown): number {
  const { seconds, nanos } = instant as { seconds: string; nanos: number };
  return Number(seconds) * 1000 + nanos / 1e6;
}
