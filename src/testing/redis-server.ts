import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/** A Redis that can be taken down: the real one where this machine has it, else a process that answers PING as it does. */
export interface RedisServer {
  readonly port: number;
  readonly real: boolean;
  stop(): Promise<void>;
}

/** Debian's package of the same name; machines without it get the double. */
const program = 'redis-server';

const double = `require('node:net').createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', () => socket.write('+PONG\\r\\n'));
}).listen(Number(process.argv[1]), '127.0.0.1', () => console.log('Ready to accept connections'));`;

export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const real = spawnSync(program, ['--version']).status === 0;
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = real
    ? spawn(program, options, { stdio: ['ignore', 'pipe', 'ignore'] })
    : spawn(process.execPath, ['-e', double, String(port)], { stdio: ['ignore', 'pipe', 'ignore'] });
  await ready(child);
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { port, real, stop };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the Redis ended with exit code ${code}`)));
    child.stdout?.on('data', (text) => String(text).includes('Ready to accept connections') && resolve());
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
