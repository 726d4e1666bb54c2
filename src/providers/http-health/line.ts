import { type LookupAddress, lookup } from 'node:dns';
import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import {
  connect as connectTcp,
  type LookupFunction,
  type NetConnectOpts,
  type Socket,
  type TcpNetConnectOpts,
} from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { HealthAnswer } from '../../ports/health.ts';
import { certificateFault, certificateOf } from './certificate.ts';

/** One connection to one endpoint, kept for all of its samples, and what was learned while it was opened. */
export interface Line {
  readonly agent: HttpAgent;
  readonly seen: { readonly addresses: Set<string>; tls: HealthAnswer['tls'] };
  close(): void;
}

interface LineOptions {
  readonly now: () => Date;
  /** Certificate authorities besides the usual ones, in PEM; for tests. */
  readonly ca?: string;
}

type Opened = (error: Error | null, socket?: Socket) => void;

/** Opens nothing yet: the first request does. */
export function openLine(url: URL, options: LineOptions): Line {
  const seen: Line['seen'] = { addresses: new Set(), tls: null };
  const open = new Set<Socket>();
  const keep: AgentOptions = { keepAlive: true, maxSockets: 1 };
  const secure = url.protocol === 'https:' || url.protocol === 'wss:';
  const connect = secure ? tlsInto(seen, open, options) : tcpInto(seen, open);
  const agent = Object.assign(secure ? new HttpsAgent(keep) : new HttpAgent(keep), { createConnection: connect });
  return {
    agent,
    seen,
    close: () => {
      for (const socket of open) socket.destroy();
      agent.destroy();
    },
  };
}

function tcpInto(seen: Line['seen'], open: Set<Socket>) {
  return (target: NetConnectOpts): Socket => {
    const socket = connectTcp({ ...(target as TcpNetConnectOpts), lookup: telling(seen.addresses) });
    return watched(socket, seen, open);
  };
}

/** The certificate is judged here and not by the library, so that its name and its end are told even where it does not hold. */
function tlsInto(seen: Line['seen'], open: Set<Socket>, { now, ca }: LineOptions) {
  return (target: ConnectionOptions, done: Opened): undefined => {
    const own = { lookup: telling(seen.addresses), rejectUnauthorized: false, ...(ca === undefined ? {} : { ca }) };
    const socket = connectTls({ ...target, ...own });
    const failed = (error: Error) => done(error);
    socket.once('error', failed);
    socket.once('secureConnect', () => {
      seen.tls = certificateOf(socket, now());
      const fault = certificateFault(socket, target.servername || target.host || '', seen.tls);
      socket.off('error', failed);
      if (fault === null) return done(null, socket);
      socket.on('error', () => {}).destroy();
      done(fault);
    });
    watched(socket, seen, open);
  };
}

function watched(socket: Socket, seen: Line['seen'], open: Set<Socket>): Socket {
  open.add(socket);
  socket.once('close', () => open.delete(socket));
  socket.once('connect', () => {
    if (seen.addresses.size === 0 && socket.remoteAddress !== undefined) seen.addresses.add(socket.remoteAddress);
  });
  return socket;
}

/** The usual look-up, whose answer is remembered. */
export function telling(addresses: Set<string>): LookupFunction {
  return (hostname, options, answer) => {
    lookup(hostname, options, (error, found: string | LookupAddress[], family) => {
      const all = typeof found === 'string' ? [found] : (found ?? []).map((one) => one.address);
      for (const address of all) addresses.add(address);
      answer(error, found, family);
    });
  };
}
