import { createHash, randomBytes } from 'node:crypto';

const INHERITED = /^00-([0-9a-f]{16})([0-9a-f]{16})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * Who calls, for every request of one test: a user agent, and a trace of the test's own. Its first 8 bytes are those of
 * TRACEPARENT (the run); the last 8 are the start of SHA-256 over `<last 8 bytes of TRACEPARENT as hex>/<test name>`, so
 * that a log entry can be joined with its test. Every request is a new span.
 */
export function callerOf(t) {
  const [, run, attempt] = INHERITED.exec(process.env.TRACEPARENT ?? '') ?? ['', randomHex(), randomHex()];
  const test = createHash('sha256').update(`${attempt}/${t.name}`).digest('hex').slice(0, 16);
  return {
    headers: () => ({
      'user-agent': process.env.LOOP_USER_AGENT ?? 'chat-e2e',
      traceparent: `00-${run}${test}-${randomHex()}-01`,
    }),
  };
}

function randomHex() {
  return randomBytes(8).toString('hex');
}
