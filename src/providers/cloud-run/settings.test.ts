import { describe, expect, it } from 'vitest';
import { templateFor } from './revision-template.ts';
import { settingsOf } from './settings.ts';
import type { WireRevision, WireTemplate } from './wire.ts';

const secret = 'hunter2-very-secret';
const connector = 'projects/demo/locations/local/connectors/main';

/** A revision with everything set, as the client hands it over: enums by name, durations as seconds in text. */
const full: WireRevision = {
  containers: [
    { name: 'proxy', image: 'r/proxy:1', env: [{ name: 'MODE', value: 'side' }] },
    {
      name: 'app',
      image: 'r/app:1',
      command: ['node'],
      args: ['server.js', '--quiet'],
      env: [
        { name: 'DATABASE_PASSWORD', value: secret },
        { name: 'API_KEY', valueSource: { secretKeyRef: { secret: 'projects/1/secrets/api-key', version: '3' } } },
      ],
      ports: [{ name: 'http1', containerPort: 8080 }],
      resources: { limits: { cpu: '2000m', memory: '1Gi' } },
      startupProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 10, failureThreshold: 3 },
      livenessProbe: { tcpSocket: { port: 8080 }, initialDelaySeconds: 5 },
    },
  ],
  maxInstanceRequestConcurrency: 80,
  timeout: { seconds: '300' },
  serviceAccount: 'runtime@demo.iam.gserviceaccount.com',
  vpcAccess: { connector, egress: 'PRIVATE_RANGES_ONLY' },
  scaling: { minInstanceCount: 1, maxInstanceCount: 20 },
  executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
  volumes: [{ name: 'cloudsql', cloudSqlInstance: { instances: ['demo:local:b', 'demo:local:a'] } }],
  annotations: { 'run.googleapis.com/cloudsql-instances': 'demo:local:a, demo:local:c' },
};

describe('the settings of a revision', () => {
  it('are told by name, values of variables as hashes and secrets by reference', () => {
    const settings = settingsOf(full);
    expect(settings).toEqual({
      command: 'node',
      arguments: 'server.js --quiet',
      port: '8080',
      cpu: '2000m',
      memory: '1Gi',
      'startup probe': 'http /ready :8080, every 10 s, 3 failures',
      'liveness probe': 'tcp :8080, after 5 s',
      'env DATABASE_PASSWORD': expect.stringMatching(/^sha256:[0-9a-f]{12}$/),
      'env API_KEY': 'secret api-key@3',
      'image proxy': 'r/proxy:1',
      'proxy: env MODE': expect.stringMatching(/^sha256:[0-9a-f]{12}$/),
      concurrency: '80',
      timeout: '300 s',
      'service account': 'runtime@demo.iam.gserviceaccount.com',
      'vpc connector': connector,
      'vpc egress': 'private-ranges-only',
      'sql instances': 'demo:local:a, demo:local:b, demo:local:c',
      'min instances': '1',
      'max instances': '20',
      'execution environment': 'gen2',
    });
    expect(JSON.stringify(settings)).not.toContain(secret);
  });

  it('leave out what the platform does not say', () => {
    expect(settingsOf({ containers: [{ image: 'r/app:1' }] })).toEqual({ 'min instances': '0' });
  });
});

describe('the template of a candidate', () => {
  const current: WireTemplate = { ...full, annotations: null } as WireTemplate;
  const request = {
    key: 'k',
    service: 'app',
    revision: 'app-2',
    tag: 'loop-1',
    container: { image: 'r/app:2', command: [], env: { MODE: 'well' }, settings: {} },
    labels: { 'commit-sha': 'abc' },
  };
  const settings = (wanted: object) =>
    settingsOf(
      templateFor(current, { ...request, container: { ...request.container, settings: wanted } }) as WireRevision,
    );

  it('changes the container that gets the requests, and leaves every setting that is not named', () => {
    const template = templateFor(current, request);
    expect(template.containers?.map(({ image }) => image)).toEqual(['r/proxy:1', 'r/app:2']);
    const { 'env MODE': added, ...kept } = settings({});
    expect(added).toMatch(/^sha256:/);
    expect(kept).toEqual(settingsOf({ ...full, annotations: null }));
  });

  it.each<[string, object, Record<string, string | undefined>]>([
    ['port', { port: 9000 }, { port: '9000' }],
    ['cpu, and memory stays', { cpu: '1' }, { cpu: '1', memory: '1Gi' }],
    ['memory', { memory: '2Gi' }, { cpu: '2000m', memory: '2Gi' }],
    ['concurrency and timeout', { concurrency: 1, timeoutSeconds: 60 }, { concurrency: '1', timeout: '60 s' }],
    ['service account', { serviceAccount: 'other@demo' }, { 'service account': 'other@demo' }],
    ['instances', { minInstances: 0, maxInstances: 3 }, { 'min instances': '0', 'max instances': '3' }],
    [
      'egress, and the connector stays',
      { vpcEgress: 'all-traffic' },
      { 'vpc egress': 'all-traffic', 'vpc connector': connector },
    ],
    ['SQL instances', { sqlInstances: ['demo:local:z'] }, { 'sql instances': 'demo:local:z' }],
    ['no SQL instances', { sqlInstances: [] }, { 'sql instances': undefined }],
  ])('writes what is named: %s', (_story, wanted, expected) => {
    const changed = settings(wanted);
    for (const [name, value] of Object.entries(expected)) expect(changed[name]).toBe(value);
    const { 'env MODE': _added, ...others } = changed;
    const untouched = Object.entries(settingsOf({ ...full, annotations: null })).filter(
      ([name]) => !(name in expected),
    );
    expect(others).toMatchObject(Object.fromEntries(untouched));
  });

  it('a connector takes the place of interfaces, since the platform refuses both', () => {
    const direct: WireTemplate = { vpcAccess: { networkInterfaces: [{ network: 'n', subnetwork: 's' }] } };
    expect(settingsOf(direct as WireRevision)['vpc network']).toBe('n/s');
    const container = { ...request.container, settings: { vpcConnector: connector } };
    const changed = settingsOf(templateFor(direct, { ...request, container }) as WireRevision);
    expect(changed).toMatchObject({ 'vpc connector': connector });
    expect(changed).not.toHaveProperty('vpc network');
  });
});
