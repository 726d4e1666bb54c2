import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gcloudEnvironment, gcloudFolder } from '../testing/gcloud.ts';
import { cloneInto } from './github/started-github.ts';
import type { Emulator } from './server.ts';
import { helloApp, makeStateFolder, removeFolder, startTestEmulator, writeImage } from './test-bed.ts';

/** Programs that none of us wrote, against our double. What is not on the machine is skipped, and said by the reporter. */
const folder = makeStateFolder();
const config = gcloudFolder();
const image = writeImage(folder, 'hello', helloApp);
const broken = writeImage(folder, 'broken', "console.error('ModuleNotFoundError'); process.exit(3);");
const run = promisify(execFile);
/** Each call starts a Python of its own; on a busy machine two deployments took 40 s. */
const gcloudMsMax = 180_000;
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startTestEmulator(folder);
});
afterAll(async () => {
  await emulator.close();
  removeFolder(folder);
  config.remove();
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function ask(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const options = { env: { PATH: process.env.PATH ?? '', HOME: config.folder, ...env }, cwd: config.folder };
  try {
    return { code: 0, ...(await run(program, args, options)) };
  } catch (error) {
    const { code, stdout, stderr } = error as Ended;
    return { code, stdout, stderr };
  }
}

function gcloud(...args: string[]): Promise<Ended> {
  const place = { configFolder: config.folder, project: 'demo', location: 'local' };
  return ask('gcloud', args, gcloudEnvironment(emulator.state, place));
}

describe.skipIf(!isThere('gcloud'))('gcloud', { timeout: gcloudMsMax }, () => {
  it('deploys a new service, says where it is, and a candidate under a tag without traffic', async () => {
    const program = ['--command', 'node', '--args', 'server.js'];
    const first = await gcloud('run', 'deploy', 'chat', '--image', image, ...program);
    expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining('has been deployed and is serving') });
    const second = await gcloud(
      ...['run', 'deploy', 'chat', '--image', image, '--no-traffic', '--tag', 'try'],
      ...['--revision-suffix', 'next', '--update-labels', 'commit-sha=abc'],
    );
    expect(plain(second.stderr)).toContain(
      'revision [chat-next] has been deployed and is serving 0 percent of traffic',
    );
    const [, tagged = ''] = /can be reached directly at (\S+)/.exec(plain(second.stderr)) ?? [];
    expect(await (await fetch(tagged)).json()).toMatchObject({ revision: 'chat-next' });
  });

  it('lists services and revisions', async () => {
    const format = 'value(metadata.name,metadata.labels["commit-sha"],status.conditions[0].status)';
    const [services, revisions] = await Promise.all([
      gcloud('run', 'services', 'list', '--format', 'value(metadata.name,status.url)'),
      gcloud('run', 'revisions', 'list', '--service', 'chat', '--format', format),
    ]);
    expect(services.stdout).toBe(`chat\t${url('chat')}\n`);
    expect(revisions.stdout.split('\n')[0]).toBe('chat-next\tabc\tTrue');
  });

  it('moves the traffic', async () => {
    const moved = await gcloud('run', 'services', 'update-traffic', 'chat', '--to-revisions', 'chat-next=100');
    expect(plain(moved.stdout + moved.stderr)).toContain('100% chat-next');
    expect(await (await fetch(url('chat'))).json()).toMatchObject({ revision: 'chat-next' });
  });

  it('tells a broken boot in Cloud Run’s words, and describes what serves and what was made', async () => {
    const failed = await gcloud('run', 'deploy', 'chat', '--image', broken, '--revision-suffix', 'bad');
    expect(failed.code).toBe(1);
    expect(plain(failed.stderr)).toMatch(
      /^ERROR: \(gcloud\.run\.deploy\) Revision 'chat-bad' is not ready and cannot serve traffic\. The user-provided container failed to start and listen on the port/m,
    );
    const described = await gcloud('run', 'services', 'describe', 'chat', '--format', 'json');
    expect(JSON.parse(described.stdout)).toMatchObject({
      spec: {
        traffic: [
          { revisionName: 'chat-next', percent: 100 },
          { revisionName: 'chat-next', tag: 'try' },
        ],
      },
      status: {
        latestCreatedRevisionName: 'chat-bad',
        latestReadyRevisionName: 'chat-next',
        conditions: [
          { type: 'Ready', status: 'False' },
          { type: 'ConfigurationsReady', status: 'False', reason: 'HealthCheckContainerError' },
          { type: 'RoutesReady', status: 'True' },
        ],
      },
    });
  });

  it('is told a conflict by its name', async () => {
    await inject({ failNext: { method: 'UpdateService', preset: 'aborted' } });
    const late = await gcloud('run', 'services', 'update-traffic', 'chat', '--to-latest');
    expect(late).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ERROR: .*ABORTED: Conflict for resource 'chat'/),
    });
  });

  it('writes and reads log entries, those of its own deployments too', async () => {
    await gcloud('logging', 'write', 'mine', '{"step": 1}', '--payload-type', 'json', '--severity', 'ERROR');
    const filter = 'logName:"mine" OR protoPayload.methodName="google.cloud.run.v1.Services.CreateService"';
    const read = await gcloud('logging', 'read', filter, '--format', 'json');
    expect(JSON.parse(read.stdout)).toMatchObject([
      { severity: 'ERROR', jsonPayload: { step: 1 } },
      {
        protoPayload: {
          resourceName: 'namespaces/demo/services/chat',
          requestMetadata: { callerSuppliedUserAgent: expect.stringContaining('command/gcloud.run.deploy') },
        },
      },
    ]);
  });
});

const sdk = sdkFolder();
const python = join(sdk, 'platform', 'bundledpythonunix', 'bin', 'python3');

it.skipIf(!existsSync(python))('Google’s Python clients make, change, list and read over gRPC', async () => {
  const script = resolve('src', 'testing', 'python-clients.py');
  const { ports, token } = emulator.state;
  const modules = [join(sdk, 'lib'), join(sdk, 'lib', 'third_party')].join(':');
  const told = await ask(python, ['-W', 'ignore', script, String(ports.grpc), image], {
    PYTHONPATH: modules,
    LOOP_TOKEN: token,
  });
  expect(JSON.parse(told.stdout || JSON.stringify(told.stderr))).toEqual({
    missing: "NotFound: Resource 'py' of kind 'SERVICE' in region 'local' does not exist.",
    ready: 'CONDITION_SUCCEEDED',
    conditions: ['RoutesReady', 'ConfigurationsReady'],
    generation: 2,
    latest: true,
    revisions: 2,
    stale: expect.stringMatching(/^Aborted: Conflict for resource 'py': version '\d+' was specified but/),
    audit: Array(3).fill('type.googleapis.com/google.cloud.audit.AuditLog'),
  });
});

describe('GitHub', () => {
  const auth = () => ({ authorization: `Bearer ${emulator.state.token}` });
  const github = () => `http://127.0.0.1:${emulator.state.ports.github}`;

  beforeAll(async () => {
    const body = JSON.stringify({ name: 'chat' });
    await fetch(`${github()}/orgs/demo/repos`, { method: 'POST', headers: auth(), body });
  });

  it('git clones and pushes', async () => {
    const clone = await cloneInto(join(folder, 'clone'), `${github()}/demo/chat.git`, emulator.state.token);
    const commit = await clone.commit('first', { 'a.txt': 'a' });
    await clone.push('HEAD:main');
    const again = await cloneInto(join(folder, 'again'), `${github()}/demo/chat.git`, emulator.state.token);
    expect(await again.git('rev-parse', 'origin/main')).toBe(commit);
  });

  it.skipIf(!isThere('gh'))('gh api opens an issue and reads it', async () => {
    const env = { GH_HOST: 'github.localhost', GH_TOKEN: emulator.state.token, http_proxy: github() };
    const made = await ask('gh', ['api', 'repos/demo/chat/issues', '-f', 'title=from gh', '--jq', '.number'], env);
    expect(made).toMatchObject({ code: 0, stdout: '1\n' });
    const read = await ask('gh', ['api', 'repos/demo/chat/issues/1', '--jq', '.title'], env);
    expect(read.stdout).toBe('from gh\n');
  });
});

async function inject(faults: object) {
  const { ports, token } = emulator.state;
  const headers = { authorization: `Bearer ${token}` };
  await fetch(`http://127.0.0.1:${ports.control}/faults`, { method: 'POST', headers, body: JSON.stringify(faults) });
}

function url(service: string): string {
  return emulator.overview().services.find(({ name }) => name === service)?.url ?? '';
}

/** Without the bold and the colours of a terminal. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
  return text.replace(/\u001b\[[0-9;]*m|\u001b?\[1m|\[m/g, '');
}

function isThere(program: string): boolean {
  return placeOf(program) !== null;
}

function placeOf(program: string): string | null {
  const places = (process.env.PATH ?? '').split(':').map((place) => join(place, program));
  return places.find((place) => isAbsolute(place) && existsSync(place)) ?? null;
}

/** The folder that `gcloud` was installed in: its program lies in `bin` below. */
function sdkFolder(): string {
  const program = placeOf('gcloud');
  return program === null ? '' : resolve(realpathSync(program), '..', '..');
}
