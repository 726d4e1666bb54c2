import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { FaultRequest, faultMistake } from './fault-request.ts';
import type { Faults } from './faults.ts';
import { sameText } from './grpc-server.ts';
import { hasLocalHost } from './host-check.ts';
import type { Ledger } from './ledger.ts';
import type { Secrets } from './secrets.ts';

const bodyBytesMax = 64 * 1024;

/** What `GET /` tells. */
export interface EmulatorOverview {
  readonly version: string;
  readonly protocol: number;
  readonly pid: number;
  readonly urls: { readonly run: string; readonly logging: string; readonly github: string };
  readonly services: readonly {
    readonly name: string;
    readonly url: string;
    readonly tags: readonly { readonly tag: string; readonly url: string }[];
  }[];
}

export interface ControlOptions {
  readonly token: string;
  readonly overview: () => EmulatorOverview;
  readonly secrets: Secrets;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly touch: () => void;
  /** Called after `POST /stop` was answered. */
  readonly stop: () => void;
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** The emulator's own HTTP API: JSON, the token on every request, our two host names only. */
export function createControl(options: ControlOptions): Server {
  const server = createServer((request, response) => {
    // A caller that goes away while it sends is no reason to end.
    serve(options, server, request, response).catch(() => response.destroy());
  });
  return server;
}

async function serve(
  options: ControlOptions,
  server: Server,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const reply = refusal(options, request, port) ?? (await route(options, request));
  response.writeHead(reply.status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(reply.body)}\n`);
  if (request.method === 'POST' && request.url === '/stop' && reply.status === 200)
    response.once('close', options.stop);
}

function refusal({ token, touch }: ControlOptions, request: IncomingMessage, port: number): Reply | null {
  if (!hasLocalHost(request, port)) return { status: 403, body: { error: 'unknown host' } };
  if (!sameText(request.headers.authorization ?? '', `Bearer ${token}`))
    return { status: 401, body: { error: 'wrong token' } };
  touch();
  return null;
}

async function route({ overview, secrets, ledger, faults }: ControlOptions, request: IncomingMessage): Promise<Reply> {
  switch (`${request.method} ${request.url}`) {
    case 'GET /':
      return { status: 200, body: overview() };
    case 'GET /ledger':
      return { status: 200, body: ledger.rows() };
    case 'GET /secrets':
      return { status: 200, body: secrets };
    case 'POST /faults':
      return setFaults(faults, await readBody(request));
    case 'DELETE /faults':
      return setFaults(faults, {});
    case 'POST /stop':
      return { status: 200, body: { stopping: true } };
    default:
      return { status: 404, body: { error: `the emulator has no ${request.method} ${request.url}` } };
  }
}

function setFaults(faults: Faults, body: unknown): Reply {
  const parsed = FaultRequest.safeParse(body);
  if (!parsed.success) return { status: 400, body: { error: faultMistake(body) } };
  faults.replace(parsed.data);
  return { status: 200, body: parsed.data };
}

/** Nothing for a body that is too long or no JSON; one without a byte is an empty object. */
async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > bodyBytesMax) return undefined;
  }
  try {
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}
