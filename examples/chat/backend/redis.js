import { connect } from 'node:net';

const PING_MS_MAX = 1_000;

/** Answers whether the Redis at `redis://host:port` answers a PING. No client: this service only says whether it is there. */
export function createRedisCheck(redisUrl) {
  const { hostname, port } = new URL(redisUrl);
  const address = { host: hostname, port: Number(port || 6379) };
  return function connected() {
    return new Promise((resolve) => {
      const socket = connect(address, () => socket.write('PING\r\n'));
      const end = (answer) => {
        socket.destroy();
        resolve(answer);
      };
      socket.setTimeout(PING_MS_MAX, () => end(false));
      socket.on('data', (data) => end(data.toString('utf8').startsWith('+PONG')));
      socket.on('error', () => end(false));
      socket.on('close', () => end(false));
    });
  };
}
