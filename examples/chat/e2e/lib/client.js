import assert from 'node:assert/strict';
import { callerOf } from './caller.js';
import { openSocket } from './socket.js';

const ANSWER_MS_MAX = 5_000;
const DEMO = { user: 'demo', password: 'demo-password' };

/** What one test talks with: requests, a login, sockets. Everything carries the test's trace and the run's user agent. */
export function clientFor(t) {
  const caller = callerOf(t);

  async function ask(method, service, path, { token, json, text } = {}) {
    const body = text ?? (json === undefined ? undefined : JSON.stringify(json));
    return await fetch(new URL(path, service), {
      method,
      body,
      headers: {
        ...caller.headers(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
  }

  return {
    get: (service, path, options) => ask('GET', service, path, options),
    post: (service, path, options) => ask('POST', service, path, options),
    async login(auth, credentials = DEMO) {
      const response = await ask('POST', auth, '/login', { json: credentials });
      assert.equal(response.status, 200, `POST /login answered ${response.status}`);
      return (await response.json()).token;
    },
    /** A socket that is closed when the test ends; `protocols` are offered as they are. */
    async socket(backend, protocols) {
      const socket = await openSocket(new URL('/ws', backend), protocols, caller.headers());
      t.after(() => socket.close());
      return socket;
    },
    /** A logged-in socket that has said `ready`. */
    async session(auth, backend) {
      const token = await this.login(auth);
      const socket = await this.socket(backend, ['jwt-auth', `jwt.${token}`]);
      const ready = await socket.next();
      assert.equal(ready.type, 'ready', `the first message is ${ready.type}`);
      return socket;
    },
  };
}
