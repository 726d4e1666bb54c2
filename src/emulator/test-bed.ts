import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v2 as logging } from '@google-cloud/logging-api';
import { v2 as run } from '@google-cloud/run';
import { credentials } from '@grpc/grpc-js';
import { GoogleAuth, PassThroughClient } from 'google-auth-library';
import { imageFolder, imageRecordFile, imageRoot } from '../core/image-store.ts';
import type { Log } from './log.ts';
import { type Emulator, startEmulator } from './server.ts';
import type { EmulatorState } from './state.ts';

/** What the tests of the emulator stand on: a folder of their own, images, and the clients that the product uses. */
export const parent = 'projects/demo/locations/local';
const commit = 'c'.repeat(40);
const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

export function makeStateFolder(): string {
  return mkdtempSync(join(tmpdir(), 'loop-emulator-'));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Answers its name and what it was given, and says so on stdout. */
export const helloApp = `
const http = require('node:http');
const server = http.createServer((request, response) => {
  console.log('plain line for ' + request.url);
  console.log(JSON.stringify({ severity: 'WARNING', message: 'seen', 'logging.googleapis.com/trace': request.headers.traceparent.split('-')[1], path: request.url }));
  console.error('[ERROR] on stderr');
  if (request.url === '/missing') response.statusCode = 404;
  if (request.url === '/crash') process.exit(3);
  if (request.url === '/hang') return;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ revision: process.env.K_REVISION, greeting: process.env.GREETING, headers: request.headers, env: Object.keys(process.env).sort() }));
});
server.on('upgrade', (request, socket) => {
  const key = require('node:crypto').createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nupgrade: websocket\\r\\nconnection: Upgrade\\r\\nsec-websocket-accept: ' + key + '\\r\\n\\r\\n');
  socket.write(Buffer.from([0x81, 5, ...Buffer.from('hello')]));
  socket.on('data', () => socket.end());
  socket.on('error', () => {});
});
server.listen(process.env.PORT, process.env.HOST);
`;

/** Puts an image with one file, `server.js`, into the store and answers its name. */
export function writeImage(stateFolder: string, path: string, source: string): string {
  const image = `loop.local/chat/${path}@${commit}`;
  const folder = imageFolder(stateFolder, image) ?? '';
  mkdirSync(imageRoot(folder), { recursive: true });
  writeFileSync(join(imageRoot(folder), 'server.js'), source);
  const record = { image, commit, digest: `sha256:${'0'.repeat(64)}`, createdAt: '2025-09-16T00:00:00Z' };
  writeFileSync(imageRecordFile(folder), JSON.stringify(record));
  return image;
}

export async function startTestEmulator(stateFolder: string): Promise<Emulator> {
  const searchPath = process.env.PATH ?? '';
  const started = await startEmulator({ stateFolder, version: 'test', log: silentLog, searchPath });
  if (!started.ok) throw new Error(started.failure.message);
  return started.value;
}

/** The real clients, and the options that carry the token on each call. */
export function makeClients({ ports, token }: Pick<EmulatorState, 'ports' | 'token'>) {
  const auth = new GoogleAuth({ authClient: new PassThroughClient(), projectId: 'demo' });
  const options = {
    // Two copies of google-auth-library are in the tree: the same class, two nominal types.
    auth: auth as never,
    apiEndpoint: '127.0.0.1',
    port: ports.grpc,
    sslCreds: credentials.createInsecure(),
    'grpc.enable_http_proxy': 0,
  };
  const headers = { authorization: `Bearer ${token}` };
  return {
    services: new run.ServicesClient(options),
    revisions: new run.RevisionsClient(options),
    jobs: new run.JobsClient(options),
    logs: new logging.LoggingServiceV2Client(options),
    call: {
      otherArgs: { headers },
      longrunning: { initialRetryDelayMillis: 20, retryDelayMultiplier: 1, maxRetryDelayMillis: 20 },
    },
  };
}
export type Clients = ReturnType<typeof makeClients>;

export interface ContainerOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly revision?: string;
  readonly startupProbe?: { periodSeconds: number; failureThreshold: number };
  readonly ports?: readonly { containerPort: number }[];
  /** `128Mi`. */
  readonly memory?: string;
}

/** A revision template that runs `server.js` of the image. */
export function template(
  image: string,
  { env = {}, revision = '', startupProbe, ports = [], memory }: ContainerOptions = {},
) {
  return {
    revision,
    labels: { 'commit-sha': commit },
    containers: [
      {
        image,
        command: ['node', 'server.js'],
        env: Object.entries(env).map(([name, value]) => ({ name, value })),
        ports: [...ports],
        ...(memory === undefined ? {} : { resources: { limits: { memory } } }),
        ...(startupProbe === undefined ? {} : { startupProbe }),
      },
    ],
  };
}

/** What a call failed with, as `code message`; `fine` when it did not. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'fine';
  } catch (error) {
    return `${(error as { code?: number }).code} ${(error as { details?: string }).details ?? (error as Error).message}`;
  }
}
