import { fail, type Result, succeed } from '../../core/result.ts';
import { applicationDefault, passThrough } from './credentials.ts';

/** What a generated client is made with; the opaque two come from libraries that lie in the tree in several copies. */
export type ClientOptions = {
  readonly auth: never;
  readonly apiEndpoint?: string;
  readonly port?: number;
  readonly sslCreds?: never;
  readonly 'grpc.primary_user_agent'?: string;
  readonly 'grpc.enable_http_proxy'?: number;
  readonly 'grpc.initial_reconnect_backoff_ms'?: number;
  readonly 'grpc.max_reconnect_backoff_ms'?: number;
};

/** Whether the endpoint is an emulator. */
export function isPlaintext(endpoint: string | undefined): boolean {
  return endpoint?.startsWith('http:') ?? false;
}

/** `userAgent` goes first in what the server is told about the caller. */
export async function clientOptions(
  project: string,
  endpoint: string | undefined,
  userAgent: string,
): Promise<Result<ClientOptions>> {
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    return fail('config', `${endpoint} is not a URL`, 'write it like https://run.googleapis.com');
  }
  if (endpoint !== undefined && isPlaintext(endpoint)) {
    return succeed(await plaintextOptions(project, endpoint, userAgent));
  }
  const auth = await applicationDefault(project);
  if (!auth.ok) return auth;
  const options = { auth: auth.value as never, 'grpc.primary_user_agent': userAgent };
  if (endpoint === undefined) return succeed(options);
  const url = new URL(endpoint);
  return succeed({ ...options, apiEndpoint: url.hostname, port: Number(url.port || 443) });
}

async function plaintextOptions(project: string, endpoint: string, userAgent: string): Promise<ClientOptions> {
  const { credentials } = await import('@grpc/grpc-js');
  const url = new URL(endpoint);
  return {
    auth: (await passThrough(project)) as never,
    apiEndpoint: url.hostname,
    port: Number(url.port || 80),
    sslCreds: credentials.createInsecure() as never,
    'grpc.primary_user_agent': userAgent,
    // A proxy of the environment would otherwise capture even the loopback address.
    'grpc.enable_http_proxy': 0,
    // An emulator that was started again is found at once, not after the two minutes that suit a far server.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
  };
}
