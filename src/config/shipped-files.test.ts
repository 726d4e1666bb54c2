import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EnvironmentConfig } from './environment.ts';
import { selectSuites } from './focus.ts';
import { loadEnvironment, loadPipeline } from './load.ts';
import type { PipelineConfig } from './pipeline.ts';

const root = join(import.meta.dirname, '..', '..');
const config = join(root, 'config');
const pipelines = join(root, 'pipelines');

const namesIn = async (folder: string) =>
  (await readdir(folder)).filter((name) => name.endsWith('.yaml')).map((file) => file.replace(/\.yaml$/, ''));

test('every environment that ships loads', async () => {
  const names = await namesIn(config);
  expect(names.sort()).toEqual(['local', 'staging.example']);
  for (const name of names)
    expect(await loadEnvironment({ folder: config, name, env: {} })).toMatchObject({ ok: true });
});

test('every pipeline that ships loads for the embedded environment', async () => {
  const environment = await local();
  for (const name of await namesIn(pipelines)) {
    expect(await loadPipeline({ folder: pipelines, name, environment })).toMatchObject({ ok: true });
  }
});

test('a real environment starts by reading only', async () => {
  const loaded = await loadEnvironment({ folder: config, name: 'staging.example', env: {} });
  expect(loaded.ok && [loaded.value.level, loaded.value.endpoints]).toEqual(['observe', {}]);
});

test('each suite runs its file of the example, and its floor is what the file holds', async () => {
  const { suites } = await e2e();
  for (const [name, suite] of Object.entries(suites)) {
    const text = await readFile(join(root, 'examples', 'chat', 'e2e', `${name}.test.js`), 'utf8');
    expect(suite.run.at(-1)).toBe(`e2e/${name}.test.js`);
    expect([name, text.match(/^test\(/gm)?.length]).toEqual([name, suite.testsMin]);
  }
});

test.each([
  ['all', 'websocket-events auth golden-path frontend websockets'],
  ['websockets', 'websocket-events websockets'],
  ['golden-path', 'websocket-events golden-path'],
  ['auth', 'websocket-events auth'],
  ['frontend', 'websocket-events frontend'],
  ['websockets frontend auth', 'websocket-events auth frontend websockets'],
])('--focus "%s" of the embedded pipeline', async (focus, expected) => {
  const selection = selectSuites({ focus: [focus], pipeline: await e2e() });
  const selected = selection.ok ? selection.value.suites.filter((suite) => suite.selected) : [];
  expect(selected.map(({ name }) => name).join(' ')).toBe(expected);
});

async function local(): Promise<EnvironmentConfig> {
  const loaded = await loadEnvironment({ folder: config, name: 'local', env: {} });
  if (!loaded.ok) throw new Error('config/local.yaml does not load');
  return loaded.value;
}

async function e2e(): Promise<PipelineConfig> {
  const loaded = await loadPipeline({ folder: pipelines, name: 'e2e', environment: await local() });
  if (!loaded.ok) throw new Error('pipelines/e2e.yaml does not load');
  return loaded.value;
}
