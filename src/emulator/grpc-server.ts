import { timingSafeEqual } from 'node:crypto';
import type { Server as HttpServer } from 'node:http';
import {
  type Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import type { Answer, Refusal } from './answer.ts';
import { type Caller, makeCaller, principalHeader } from './caller.ts';
import { listenLocal } from './http-listen.ts';
import type { Log } from './log.ts';
import { onePort } from './one-port.ts';
import { serviceDefinition, type WireDefinitions } from './wire-definitions.ts';

/** Methods by name, `CreateService`. What is left out is answered UNIMPLEMENTED with the method's name. */
export type UnaryMethods = Readonly<
  Record<string, (message: unknown, caller: Caller) => Answer<object> | Promise<Answer<object>>>
>;

export interface GrpcOptions {
  readonly definitions: WireDefinitions;
  /** 0 takes any free port. */
  readonly port: number;
  readonly token: string;
  readonly log: Log;
  /** Services by full name, `google.cloud.run.v2.Services`. */
  readonly run: Readonly<Record<string, UnaryMethods>>;
  readonly logging: Readonly<Record<string, UnaryMethods>>;
  /** Serves HTTP/1.1 on the same port; closed with it. */
  readonly rest: HttpServer;
  readonly tailLogEntries: (call: ServerDuplexStream<unknown, object>) => void;
}

export interface GrpcServer {
  readonly port: number;
  close(): void;
}

/** Both APIs on one loopback port, plaintext, HTTP/1.1 beside them. A call without the token is UNAUTHENTICATED. */
export async function startGrpc(options: GrpcOptions): Promise<GrpcServer> {
  const server = new Server();
  const { run, logging } = options.definitions;
  for (const [name, methods] of Object.entries(options.run)) {
    server.addService(serviceDefinition(run, name), unaryHandlers(methods, options));
  }
  for (const [name, methods] of Object.entries(options.logging)) {
    const handlers = { ...unaryHandlers(methods, options), TailLogEntries: tailHandler(options) };
    server.addService(serviceDefinition(logging, name), handlers);
  }
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const front = onePort(
    { take: (socket) => injector.injectConnection(socket) },
    { take: (socket) => options.rest.emit('connection', socket) },
  );
  const port = await listenLocal(front.server, options.port, options.log);
  const close = () => {
    front.server.close();
    server.forceShutdown();
    for (const socket of front.connections) socket.destroy();
  };
  return { port, close };
}

interface UnaryCall {
  readonly metadata: Metadata;
  readonly request: unknown;
}

function unaryHandlers(methods: UnaryMethods, options: GrpcOptions) {
  const handle = async (name: string, call: UnaryCall, reply: sendUnaryData<object>) => {
    try {
      const refusal = authenticate(call.metadata, options.token);
      const result = refusal ?? (await methods[name]?.(call.request, callerOf(call.metadata)));
      if (result?.ok) reply(null, result.value);
      else reply({ code: result?.code ?? status.UNIMPLEMENTED, details: result?.message ?? name });
    } catch (error) {
      options.log.error({ method: name, error: String(error) }, 'method failed');
      reply({ code: status.INTERNAL, details: `The emulator failed in ${name}: ${String(error)}` });
    }
  };
  return Object.fromEntries(
    Object.keys(methods).map((name) => [
      name,
      (call: UnaryCall, reply: sendUnaryData<object>) => void handle(name, call, reply),
    ]),
  );
}

function tailHandler(options: GrpcOptions) {
  return (call: ServerDuplexStream<unknown, object>) => {
    const refusal = authenticate(call.metadata, options.token);
    if (refusal === null) options.tailLogEntries(call);
    else call.emit('error', { code: refusal.code, details: refusal.message });
  };
}

function callerOf(metadata: Metadata): Caller {
  return makeCaller('v2', metadata.get(principalHeader)[0], metadata.get('user-agent')[0]);
}

function authenticate(metadata: Metadata, token: string): Refusal | null {
  const [given] = metadata.get('authorization');
  if (sameText(String(given ?? ''), `Bearer ${token}`)) return null;
  return {
    ok: false,
    code: status.UNAUTHENTICATED,
    message:
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
  };
}

/** Compares in constant time. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
