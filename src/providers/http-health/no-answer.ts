import { CertificateFault } from './certificate.ts';

/** Why nothing answered, in words: the name, the port, the certificate or the time, each told as what it is. */
export function noAnswer(error: unknown, timeoutMs: number, signal: AbortSignal): string {
  if (signal.aborted) return notToTheEnd(signal);
  const deepest = deepestOf(error);
  if (isTimeout(deepest)) return `did not answer within ${timeoutMs} ms`;
  if (!(deepest instanceof Error)) return `did not answer: ${String(deepest)}`;
  if (deepest instanceof CertificateFault) return deepest.message;
  const code = 'code' in deepest ? String(deepest.code) : '';
  // A connection that was refused on several addresses has no message of its own, only a code.
  const said = deepest.message || code || deepest.name;
  if ('hostname' in deepest && 'syscall' in deepest && deepest.syscall === 'getaddrinfo')
    return `did not answer: the name ${deepest.hostname} does not resolve (DNS says ${code})`;
  if (code === 'ECONNREFUSED') return `did not answer: ${said} (nobody listens there)`;
  if (code.startsWith('HPE_')) return `answered with what is not HTTP: ${said}`;
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) return `does not speak TLS as expected: ${said.split('\n')[0]}`;
  return `did not answer: ${said}`;
}

/** A deadline of the caller is told apart from a cancelled run. */
function notToTheEnd(signal: AbortSignal): string {
  return isTimeout(signal.reason)
    ? 'was not asked to the end: the time for all health checks was over'
    : 'was not asked to the end: cancelled';
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

/** The deepest cause is the one that names the port or the host; of several addresses the first one speaks. */
function deepestOf(error: unknown): unknown {
  let deepest = error;
  for (;;) {
    if (deepest instanceof AggregateError && deepest.errors.length > 0) deepest = deepest.errors[0];
    else if (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
    else return deepest;
  }
}
