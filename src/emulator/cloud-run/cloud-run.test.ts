import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Emulator } from '../server.ts';
import {
  type Clients,
  type ContainerOptions,
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

const latest = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST' as const;
const byName = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION' as const;
const folder = makeStateFolder();
const images = {
  hello: writeImage(folder, 'hello', helloApp),
  exits: writeImage(folder, 'exits', "console.error('ModuleNotFoundError: no module'); process.exit(3);"),
  deaf: writeImage(folder, 'deaf', 'setInterval(() => {}, 1000);'),
  headstrong: writeImage(folder, 'headstrong', "require('node:http').createServer().listen(0, process.env.HOST);"),
  greedy: writeImage(folder, 'greedy', 'const all = Buffer.alloc(400e6, 1); setInterval(() => all.length, 1000);'),
};
let emulator: Emulator;
let clients: Clients;

beforeAll(async () => {
  emulator = await startTestEmulator(folder);
  clients = makeClients(emulator.state);
});
afterAll(async () => {
  await emulator.close();
  removeFolder(folder);
});

async function create(serviceId: string, image: string, options: ContainerOptions = {}) {
  const request = { parent, serviceId, service: { labels: { team: 'chat' }, template: template(image, options) } };
  const [operation] = await clients.services.createService(request, clients.call);
  return operation;
}

async function get(serviceId: string) {
  const [service] = await clients.services.getService({ name: `${parent}/services/${serviceId}` }, clients.call);
  return service;
}

interface Change {
  readonly image?: string;
  readonly container?: ContainerOptions;
  readonly traffic?: readonly {
    type: typeof latest | typeof byName;
    revision?: string;
    percent?: number;
    tag?: string;
  }[];
  readonly etag?: string;
  readonly paths?: readonly string[];
}

/** An update of some fields, begun and not awaited. */
async function change(serviceId: string, { image, container, traffic, etag = '', paths }: Change) {
  const given = image === undefined ? {} : { template: template(image, container) };
  const fields = { ...given, ...(traffic === undefined ? {} : { traffic: [...traffic] }) };
  const [operation] = await clients.services.updateService(
    {
      service: { name: `${parent}/services/${serviceId}`, etag, ...fields },
      updateMask: { paths: [...(paths ?? Object.keys(fields))] },
    },
    clients.call,
  );
  return operation;
}

async function ask(url: string | null | undefined, path = '/') {
  const response = await fetch(`${url}${path}`, { headers: { 'user-agent': 'loop/test' } });
  return { status: response.status, server: response.headers.get('server'), body: await response.text() };
}

async function servedBy(url: string | null | undefined): Promise<string> {
  return JSON.parse((await ask(url)).body).revision;
}

describe('a service', () => {
  it('is created, becomes ready and answers at its own port', async () => {
    const operation = await create('first', images.hello, { env: { GREETING: 'hi' } });
    expect(operation.done).toBe(false);
    expect(operation.name).toMatch(/^projects\/demo\/locations\/local\/operations\/[0-9a-f-]{36}$/);
    const [done] = await operation.promise();
    const service = await get('first');
    expect(done.uri).toBe(service.uri);
    expect(service).toMatchObject({
      generation: '1',
      observedGeneration: '1',
      reconciling: false,
      labels: { team: 'chat' },
      creator: 'loop-emulator@demo.iam.gserviceaccount.com',
      terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED' },
      latestReadyRevision: service.latestCreatedRevision,
      trafficStatuses: [{ type: latest, percent: 100, tag: '' }],
    });
    expect(service.conditions?.map(({ type, state }) => `${type} ${state}`)).toEqual([
      'RoutesReady CONDITION_SUCCEEDED',
      'ConfigurationsReady CONDITION_SUCCEEDED',
    ]);
    expect(service.latestReadyRevision).toMatch(/\/revisions\/first-00001-[a-z0-9]{3}$/);
    const answer = await ask(service.uri);
    expect(answer).toMatchObject({ status: 200, server: 'loop emulator' });
    const told = JSON.parse(answer.body);
    expect(told.greeting).toBe('hi');
    expect(told.headers).toMatchObject({ 'user-agent': 'loop/test', 'x-forwarded-proto': 'http' });
    expect(told.env).toEqual(['GREETING', 'HOST', 'K_CONFIGURATION', 'K_REVISION', 'K_SERVICE', 'PATH', 'PORT']);
  });

  it('has revisions that carry the labels of the service and of the template', async () => {
    const [revisions] = await clients.revisions.listRevisions({ parent: `${parent}/services/first` }, clients.call);
    expect(revisions).toHaveLength(1);
    expect(revisions[0]).toMatchObject({ labels: { team: 'chat', 'commit-sha': 'c'.repeat(40) }, reconciling: false });
    expect(revisions[0]?.containers?.[0]?.image).toBe(images.hello);
    expect(revisions[0]?.conditions?.[0]).toMatchObject({ type: 'Ready', state: 'CONDITION_SUCCEEDED' });
  });

  it('sends everything to a new template when traffic is on LATEST', async () => {
    await create('rolls', images.hello).then((operation) => operation.promise());
    const before = await get('rolls');
    await change('rolls', { image: images.hello, container: { env: { GREETING: 'two' } } }).then((o) => o.promise());
    const after = await get('rolls');
    expect(after.latestReadyRevision).not.toBe(before.latestReadyRevision);
    expect(after.uri).toBe(before.uri);
    expect(JSON.parse((await ask(after.uri)).body).greeting).toBe('two');
  });

  it('keeps its traffic pinned by name, shows a candidate under a tag at 0 % and moves when it is told to', async () => {
    await create('pinned', images.hello, { revision: 'pinned-stable' }).then((operation) => operation.promise());
    const pinned = { type: byName, revision: 'pinned-stable', percent: 100 };
    const candidate = { type: byName, revision: 'pinned-candidate', percent: 0, tag: 'try' };
    const container = { revision: 'pinned-candidate', env: { GREETING: 'new' } };
    await change('pinned', { image: images.hello, container, traffic: [pinned, candidate] }).then((o) => o.promise());
    const tagged = await get('pinned');
    expect(tagged.trafficStatuses?.map(({ revision, percent, tag }) => `${revision} ${percent} ${tag}`)).toEqual([
      'pinned-stable 100 ',
      'pinned-candidate 0 try',
    ]);
    const tagUri = tagged.trafficStatuses?.[1]?.uri;
    expect(await servedBy(tagged.uri)).toBe('pinned-stable');
    expect(await servedBy(tagUri)).toBe('pinned-candidate');
    expect(emulator.overview().services.find(({ name }) => name === 'pinned')).toMatchObject({
      url: tagged.uri,
      tags: [{ tag: 'try', url: tagUri }],
    });

    const moved = [{ ...candidate, percent: 100 }];
    await change('pinned', { traffic: moved }).then((operation) => operation.promise());
    expect(await servedBy(tagged.uri)).toBe('pinned-candidate');

    await change('pinned', { traffic: [pinned] }).then((operation) => operation.promise());
    expect(await servedBy(tagged.uri)).toBe('pinned-stable');
    expect(await refusalOf(fetch(`${tagUri}`))).toContain('fetch failed');

    await change('pinned', { traffic: [pinned, candidate] }).then((operation) => operation.promise());
    expect((await get('pinned')).trafficStatuses?.[1]?.uri).toBe(tagUri);
  });

  it('carries a WebSocket', async () => {
    const { uri } = await get('first');
    const socket = new WebSocket(`${uri}/ws`.replace('http', 'ws'));
    const message = await new Promise((resolve, reject) => {
      socket.once('message', (data) => resolve(String(data)));
      socket.once('error', reject);
    });
    expect(message).toBe('hello');
    await new Promise((resolve) => {
      socket.once('close', resolve);
      socket.send('bye');
    });
  });

  it('answers 403 to a host name that is not ours', async () => {
    const { uri } = await get('first');
    const { request } = await import('node:http');
    const status = await new Promise((resolve) => {
      request(`${uri}/`, { headers: { host: 'evil.example' } }, (response) => resolve(response.statusCode)).end();
    });
    expect(status).toBe(403);
  });

  it('is started again when it crashes, and the request that hit it is answered 503', async () => {
    const { uri } = await get('first');
    expect((await ask(uri, '/crash')).status).toBe(503);
    expect((await ask(uri)).status).toBe(200);
  });

  it('is deleted with its revisions', async () => {
    await create('gone', images.hello).then((operation) => operation.promise());
    const { uri } = await get('gone');
    const [operation] = await clients.services.deleteService({ name: `${parent}/services/gone` }, clients.call);
    await operation.promise();
    expect(await refusalOf(get('gone'))).toContain(
      "5 Resource 'gone' of kind 'SERVICE' in region 'local' does not exist.",
    );
    expect(await refusalOf(fetch(`${uri}`))).toContain('fetch failed');
  });
});

describe('a revision that does not come up', () => {
  const notReady =
    'is not ready and cannot serve traffic. The user-provided container failed to start and listen on the port';
  it.each([
    ['exits with 3 at boot', 'exits', {}, `9 Revision 'bad-exits' ${notReady}`, 'Container called exit(3).'],
    [
      'never listens',
      'deaf',
      { startupProbe: { periodSeconds: 1, failureThreshold: 1 } },
      `9 Revision 'bad-deaf' ${notReady}`,
      'Connection failed with status DEADLINE_EXCEEDED.',
    ],
    [
      'listens on another port than PORT',
      'headstrong',
      { ports: [{ containerPort: 8080 }], startupProbe: { periodSeconds: 1, failureThreshold: 1 } },
      `9 Revision 'bad-headstrong' ${notReady}`,
      'Connection failed with status DEADLINE_EXCEEDED.',
    ],
    [
      'takes more memory than it has',
      'greedy',
      { memory: '128Mi' },
      `9 Revision 'bad-greedy' ${notReady}`,
      'Memory limit of 128 MiB exceeded with ',
    ],
    [
      'has no image',
      'none',
      {},
      "5 Revision 'bad-none' is not ready and cannot serve traffic. Image 'loop.local/chat/none@",
      '',
    ],
  ])('%s: the operation fails, traffic stays', async (_title, kind, options, message, said) => {
    const serviceId = `bad-${kind}-svc`;
    await create(serviceId, images.hello).then((operation) => operation.promise());
    const stable = await get(serviceId);
    const image = images[kind as keyof typeof images] ?? `loop.local/chat/none@${'a'.repeat(40)}`;
    const container = { ...options, revision: `${serviceId}-r2` };
    const operation = await change(serviceId, { image, container });
    const expected = message.replace(/'bad-\w+'/, `'${serviceId}-r2'`);
    expect(await refusalOf(operation.promise())).toContain(expected);
    const after = await get(serviceId);
    expect(after.terminalCondition).toMatchObject({ type: 'Ready', state: 'CONDITION_FAILED' });
    expect(after.terminalCondition?.message).toContain(expected.slice(2));
    const reason =
      kind === 'none' ? { reason: 'CONTAINER_MISSING' } : { revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR' };
    expect(after.terminalCondition).toMatchObject(reason);
    expect(after.conditions).toMatchObject([
      { type: 'RoutesReady', state: 'CONDITION_SUCCEEDED' },
      { type: 'ConfigurationsReady', state: 'CONDITION_FAILED', ...reason },
    ]);
    expect(after.latestReadyRevision).toBe(stable.latestReadyRevision);
    expect(after.latestCreatedRevision).toBe(`${parent}/services/${serviceId}/revisions/${serviceId}-r2`);
    expect(await servedBy(after.uri)).toBe(stable.latestReadyRevision?.split('/').at(-1));
    const [revision] = await clients.revisions.getRevision({ name: `${after.latestCreatedRevision}` }, clients.call);
    expect(revision.conditions?.[0]).toMatchObject({ type: 'Ready', state: 'CONDITION_FAILED', ...reason });
    expect(await platformSaid(`${serviceId}-r2`)).toContain(said);
    const refused = clients.revisions.deleteRevision({ name: `${after.latestCreatedRevision}` }, clients.call);
    expect(await refusalOf(refused)).toBe('9 latest created Revision cannot be directly deleted');
  });

  it('leaves a new service unready, without a route', async () => {
    const operation = await create('never', images.exits);
    expect(await refusalOf(operation.promise())).toContain('9 Revision');
    const service = await get('never');
    expect(service).toMatchObject({ latestReadyRevision: '', trafficStatuses: [] });
    expect((await ask(service.uri)).status).toBe(503);
  });
});

/** The platform's own lines about a revision. */
async function platformSaid(revision: string): Promise<string> {
  const filter = `logName:"varlog%2Fsystem" resource.labels.revision_name="${revision}"`;
  const [entries] = await clients.logs.listLogEntries({ resourceNames: ['projects/demo'], filter }, clients.call);
  return entries.map(({ textPayload }) => textPayload).join('\n');
}

describe('a change is refused', () => {
  it('when it was made from an older state', async () => {
    const { etag } = await get('first');
    await change('first', { image: images.hello, container: { env: { GREETING: 'x' } }, etag: `${etag}` }).then((o) =>
      o.promise(),
    );
    const late = change('first', { image: images.hello, etag: `${etag}` });
    expect(await refusalOf(late)).toMatch(
      /^10 Conflict for resource 'first': version '\d{16}' was specified but current version is '\d{16}'\.$/,
    );
  });

  const full = { type: byName, revision: 'taken-one', percent: 100 };
  it.each([
    [
      'percents that do not sum to 100',
      { traffic: [{ ...full, percent: 90 }] },
      '3 traffic: percent values must sum to 100, found 90.',
    ],
    [
      'a tag given twice',
      {
        traffic: [
          { ...full, tag: 'a' },
          { ...full, percent: 0, tag: 'a' },
        ],
      },
      "3 traffic: tag 'a' is given to more than one",
    ],
    [
      'a name of another service',
      { image: 'x', container: { revision: 'other-r1' } },
      "3 template.revision: Revision name 'other-r1'",
    ],
    [
      'a name of 64 characters',
      { image: 'x', container: { revision: `taken-${'x'.repeat(58)}` } },
      '3 template.revision',
    ],
    [
      'a reserved variable',
      { image: 'x', container: { env: { PORT: '1' } } },
      '3 template.containers[0].env: The following reserved env names were provided: PORT.',
    ],
    [
      'a name with another configuration',
      { image: 'x', container: { revision: 'taken-one' } },
      "6 Revision named 'taken-one' with different configuration already exists.",
    ],
    ['a field that is output', { paths: ['uri'] }, "3 update_mask path 'uri' is not a field"],
  ] as const)('%s', async (_title, request: Change, expected) => {
    if ((await refusalOf(get('taken'))) !== 'fine') {
      await create('taken', images.hello, { revision: 'taken-one' }).then((operation) => operation.promise());
    }
    expect(await refusalOf(change('taken', request))).toContain(expected);
  });

  it('by the operation, when traffic names a revision that is not there', async () => {
    const operation = await change('taken', { traffic: [{ ...full, revision: 'taken-nowhere' }] });
    expect(await refusalOf(operation.promise())).toContain(
      "13 Revision 'taken-nowhere' does not exist or is deleted. Update all traffic to route to currently available revisions.",
    );
    expect(await servedBy((await get('taken')).uri)).toBe('taken-one');
  });

  it('when a service has no name Cloud Run would take, or exists already', async () => {
    expect(await refusalOf(create('Upper', images.hello))).toContain("3 service_id: 'Upper'");
    expect(await refusalOf(create('x'.repeat(64), images.hello))).toContain('3 service_id');
    expect(await refusalOf(create('first', images.hello))).toContain("6 Resource 'first' already exists.");
  });

  it('without the token, and by the method’s name when the emulator does not have it', async () => {
    const name = `${parent}/services/first`;
    expect(await refusalOf(clients.services.getService({ name }))).toContain('16 Request had invalid authentication');
    expect(await refusalOf(clients.services.getIamPolicy({ resource: name }, clients.call))).toMatch(
      /^12 .*GetIamPolicy/,
    );
    expect(await refusalOf(clients.jobs.getJob({ name: `${parent}/jobs/x` }, clients.call))).toMatch(/^12 .*GetJob/);
  });
});

it('a revision is deleted once nothing routes to it; a serving one is kept', async () => {
  await create('prune', images.hello, { revision: 'prune-one' }).then((operation) => operation.promise());
  const name = `${parent}/services/prune/revisions/prune-one`;
  await change('prune', {
    image: images.hello,
    container: { revision: 'prune-two' },
    traffic: [{ type: byName, revision: 'prune-one', percent: 100 }],
  }).then((o) => o.promise());
  expect(await refusalOf(clients.revisions.deleteRevision({ name }, clients.call))).toContain(
    "9 Revision 'prune-one' is able to receive traffic",
  );
  await change('prune', { traffic: [{ type: latest, percent: 100 }] }).then((o) => o.promise());
  const [operation] = await clients.revisions.deleteRevision({ name }, clients.call);
  await operation.promise();
  expect(await refusalOf(clients.revisions.getRevision({ name }, clients.call))).toMatch(/^5 /);
});

it('/healthz never reaches a container, as on Cloud Run', async () => {
  const { uri } = await get('first');
  expect(await ask(uri, '/healthz')).toMatchObject({ status: 404, body: 'Not Found\n' });
});

it('without default addresses neither the service nor a tag has one', async () => {
  await create('hidden', images.hello, { revision: 'hidden-one' }).then((operation) => operation.promise());
  const service = { name: `${parent}/services/hidden`, defaultUriDisabled: true };
  const [operation] = await clients.services.updateService(
    { service, updateMask: { paths: ['default_uri_disabled'] } },
    clients.call,
  );
  await operation.promise();
  await change('hidden', { traffic: [{ type: byName, revision: 'hidden-one', percent: 100, tag: 'try' }] }).then((o) =>
    o.promise(),
  );
  expect(await get('hidden')).toMatchObject({ uri: '', urls: [], trafficStatuses: [{ tag: 'try', uri: '' }] });
});
