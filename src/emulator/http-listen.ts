import type { Server } from 'node:http';
import type { Server as NetServer } from 'node:net';
import type { Log } from './log.ts';

/** Listens on loopback, on the wanted port where it is free, else on any. Answers the port. */
export async function listenLocal(server: NetServer, wanted: number, log: Log): Promise<number> {
  try {
    return await listen(server, wanted);
  } catch (error) {
    if (wanted === 0) throw error;
    log.warn({ port: wanted }, 'port is taken, using another');
    return listen(server, 0);
  }
}

function listen(server: NetServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

/** Closes the server and every connection it holds. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
