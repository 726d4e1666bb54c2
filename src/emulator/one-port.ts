import { createServer, type Server as NetServer, type Socket } from 'node:net';

/** HTTP/2 with prior knowledge begins with this word; gRPC speaks nothing else here. */
const http2Preface = 'PRI';

interface Taker {
  take(socket: Socket): void;
}

/**
 * A server that gives each connection to gRPC or to HTTP/1.1 by its first bytes, so that one address serves the clients of
 * both. `connections` holds what is open.
 */
export function onePort(grpc: Taker, http: Taker): { server: NetServer; connections: ReadonlySet<Socket> } {
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    socket.on('error', () => socket.destroy());
    sort(socket, grpc, http);
  });
  return { server, connections };
}

function sort(socket: Socket, grpc: Taker, http: Taker): void {
  socket.once('readable', () => {
    const first: Buffer | null = socket.read();
    if (first === null) return socket.destroyed || socket.readableEnded ? undefined : sort(socket, grpc, http);
    socket.unshift(first);
    const taker = first.subarray(0, http2Preface.length).toString('latin1') === http2Preface ? grpc : http;
    taker.take(socket);
  });
}
