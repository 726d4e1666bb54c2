import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { Emulator } from '../../server.ts';
import {
  type Clients,
  helloApp,
  makeClients,
  makeStateFolder,
  parent,
  removeFolder,
  startTestEmulator,
  template,
  writeImage,
} from '../../test-bed.ts';

const folder = makeStateFolder();
const image = writeImage(folder, 'hello', helloApp);
const one = '/apis/serving.knative.dev/v1/namespaces/demo/services/chat';
let emulator: Emulator;
let clients: Clients;

beforeAll(async () => {
  emulator = await startTestEmulator(folder);
  clients = makeClients(emulator.state);
  // Made over v2, with settings that v1 cannot say.
  const made = { ...template(image, { memory: '256Mi' }), sessionAffinity: true };
  const service = { template: made, customAudiences: ['https://chat.example'] };
  const [operation] = await clients.services.createService({ parent, serviceId: 'chat', service }, clients.call);
  await operation.promise();
});
afterAll(async () => {
  await emulator.close();
  removeFolder(folder);
});

const Service = z.looseObject({
  metadata: z.looseObject({ generation: z.number() }),
  spec: z.looseObject({ template: z.looseObject({ spec: z.looseObject({ containers: z.array(z.looseObject({})) }) }) }),
  status: z.looseObject({ latestCreatedRevisionName: z.string() }),
});

/** A request as a client sends it that uses the emulator as its HTTP proxy: the whole URL in the request line. */
function send(method: string, path: string, body?: unknown, extra: Readonly<Record<string, string>> = {}) {
  const { ports, token } = emulator.state;
  const host = 'local-run.loop.test';
  const headers = { authorization: `Bearer ${token}`, host, ...extra };
  const target = { host: '127.0.0.1', port: ports.grpc, method, path: `http://${host}${path}`, headers };
  return new Promise<{ status: number; body: unknown }>((resolve, reject) => {
    const sent = request(target, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
    sent.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function v2() {
  const [service] = await clients.services.getService({ name: `${parent}/services/chat` }, clients.call);
  return service;
}

it('what was read and is put back unchanged makes no revision, and loses nothing that v1 cannot say', async () => {
  const before = await v2();
  const read = await send('GET', one);
  const put = await send('PUT', one, read.body, { 'x-loop-principal': 'mallory@example.com' });
  expect(put.status).toBe(200);
  const after = await v2();
  expect(after.latestCreatedRevision).toBe(before.latestCreatedRevision);
  expect(after.template).toEqual(before.template);
  expect(after).toMatchObject({ customAudiences: ['https://chat.example'], lastModifier: 'mallory@example.com' });
});

it('a changed template makes one revision, which keeps the rest', async () => {
  const service = Service.parse(await settled());
  const [container] = service.spec.template.spec.containers;
  Object.assign(container ?? {}, { env: [{ name: 'GREETING', value: 'v1' }] });
  const put = await send('PUT', one, service);
  const next = Service.parse(put.body);
  expect(next.metadata.generation).toBe(service.metadata.generation + 1);
  expect(next.status.latestCreatedRevisionName).not.toBe(service.status.latestCreatedRevisionName);
  const { template } = await v2();
  expect(template).toMatchObject({ sessionAffinity: true, labels: { 'commit-sha': 'c'.repeat(40) } });
  expect(template?.containers?.[0]).toMatchObject({ image, resources: { limits: { memory: '256Mi' } } });
});

it('what was made from an older state is a conflict', async () => {
  const old = await settled();
  expect((await send('PUT', one, old)).status).toBe(200);
  expect(await send('PUT', one, old)).toMatchObject({
    status: 409,
    body: { error: { code: 409, status: 'ABORTED', message: expect.stringContaining("Conflict for resource 'chat'") } },
  });
});

it.each([
  ['a service that is not there', 'GET', `${one}x`, undefined, 404, 'does not exist'],
  ['a body that is no service', 'PUT', one, { metadata: {} }, 400, 'service.metadata.name'],
  [
    'a field that we do not translate',
    'GET',
    '/apis/run.googleapis.com/v1/namespaces/demo/jobs',
    undefined,
    501,
    'GET /',
  ],
] as const)('%s', async (_title, method, path, body, status, words) => {
  const answer = await send(method, path, body);
  expect([answer.status, JSON.stringify(answer.body)]).toEqual([status, expect.stringContaining(words)]);
});

it('a wrong token is refused', async () => {
  expect((await send('GET', one, undefined, { authorization: 'Bearer wrong' })).status).toBe(401);
});

it('a policy without everybody closes the service, one with everybody opens it', async () => {
  const { uri } = await v2();
  const path = '/v1/projects/demo/locations/local/services/chat';
  const everybody = [{ role: 'roles/run.invoker', members: ['allUsers'] }];
  const asked = async (bindings: object[]) => {
    expect((await send('POST', `${path}:setIamPolicy`, { policy: { bindings } })).status).toBe(200);
    return (await fetch(`${uri}/`)).status;
  };
  expect(await asked([])).toBe(401);
  expect(await asked(everybody)).toBe(200);
  expect((await send('GET', `${path}:getIamPolicy`)).body).toMatchObject({ bindings: everybody });
});

/** The service once nothing is under way any more: its version stands still. */
async function settled(): Promise<unknown> {
  const end = performance.now() + 10_000;
  while (performance.now() < end) {
    const { body } = await send('GET', one);
    const { metadata, status } = body as { metadata: { generation: number }; status: { observedGeneration: number } };
    if (metadata.generation === status.observedGeneration) return body;
  }
  throw new Error('the service did not settle');
}
