import { expect, test } from 'vitest';
import type { ContainerSpec } from '../../ports/deployer.ts';
import { givenIn } from './given-settings.ts';
import { templateFor } from './revision-template.ts';
import { settingsOf } from './settings.ts';
import type { WireRevision, WireTemplate } from './wire.ts';

const image = 'r/hello:1';
const foreign: WireTemplate = {
  annotations: { theirs: 'kept' },
  containers: [{ image, env: [{ name: 'THEIRS', value: 'kept' }] }],
};

function deployed(current: WireTemplate, wanted: Pick<ContainerSpec, 'env' | 'settings'>): WireTemplate {
  const container = { image, command: [], ...wanted };
  return templateFor(current, { key: 'k', service: 'hello', revision: 'hello-2', tag: null, container, labels: {} });
}

const everything: ContainerSpec['settings'] = {
  port: 9000,
  cpu: '2',
  memory: '1Gi',
  concurrency: 10,
  timeoutSeconds: 30,
  serviceAccount: 'me@p.iam.gserviceaccount.com',
  minInstances: 1,
  maxInstances: 3,
  vpcConnector: 'main',
  vpcEgress: 'all-traffic',
  sqlInstances: ['p:l:db'],
};

test('what is asked for no more is taken away, and what somebody else set stays', () => {
  const before = settingsOf(deployed(foreign, { env: {}, settings: {} }) as WireRevision);
  const first = deployed(foreign, { env: { MODE: 'a', URL: 'b' }, settings: everything });
  expect(givenIn(first.annotations)).toContain('env MODE');
  const second = deployed(first, { env: { URL: 'b' }, settings: {} });
  expect(second.annotations).toEqual({ theirs: 'kept', 'loop-given': 'env URL' });
  const { 'env URL': url, ...rest } = settingsOf(second as WireRevision);
  expect(url).toBeDefined();
  expect(rest).toEqual(before);
});

test('what loop never gave is not taken away, whatever the config does not name', () => {
  const template = deployed(foreign, { env: {}, settings: {} });
  expect(template.containers?.[0]?.env).toEqual([{ name: 'THEIRS', value: 'kept' }]);
});
