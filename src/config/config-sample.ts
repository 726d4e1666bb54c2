import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Loaded, loadEnvironment, loadPipeline } from './load.ts';
import { formatProblems } from './messages.ts';

/** The smallest environment that loads; tests add their mistake to its end. */
export const smallEnvironment = `environment: local
project: demo
region: local
repository: { owner: demo, name: chat }
services:
  auth: { cloudRun: chat-auth, path: auth }
`;

/** The smallest pipeline that loads, on the smallest environment. */
export const smallPipeline = `pipeline: e2e
phases: [{ name: all-of-it, suites: [login] }]
suites:
  login: { focus: [auth], service: auth, run: [node, --test], report: { path: '*.xml' } }
`;

/** A folder of its own with one file in it, for one test; `remove` takes it away. */
export async function writeSample(folder: string, file: string, content: string | Uint8Array) {
  const root = await mkdtemp(join(tmpdir(), 'loop-config-'));
  await mkdir(join(root, folder));
  await writeFile(join(root, folder, file), content);
  return { folder: join(root, folder), remove: () => rm(root, { recursive: true, force: true }) };
}

/** What a person reads when the environment is loaded, or `loaded`. */
export async function environmentSays(content: string | Uint8Array, env: Record<string, string> = {}): Promise<string> {
  const { folder, remove } = await writeSample('config', 'local.yaml', content);
  const loaded = await loadEnvironment({ folder, name: 'local', env });
  await remove();
  return said(loaded);
}

/** What a person reads when the pipeline is loaded for the smallest environment, or `loaded`. */
export async function pipelineSays(content: string): Promise<string> {
  const environment = await writeSample('config', 'local.yaml', smallEnvironment);
  const pipeline = await writeSample('pipelines', 'e2e.yaml', content);
  const place = await loadEnvironment({ folder: environment.folder, name: 'local', env: {} });
  const loaded = place.ok
    ? await loadPipeline({ folder: pipeline.folder, name: 'e2e', environment: place.value })
    : place;
  await Promise.all([environment.remove(), pipeline.remove()]);
  return said(loaded);
}

function said(loaded: Loaded<unknown>): string {
  return loaded.ok ? 'loaded' : formatProblems(loaded.problems);
}
