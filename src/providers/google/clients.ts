import type { v2 as loggingV2 } from '@google-cloud/logging-api';
import type { v2 as runV2 } from '@google-cloud/run';
import { type Result, succeed } from '../../core/result.ts';
import { type CallLimits, type CallRequest, callLimits, rpc } from './call.ts';
import { type ClientOptions, clientOptions, isPlaintext } from './client-options.ts';

/** `http:` is an emulator that speaks plaintext, `https:` another host of Google's; absent is the product's own endpoint. */
export interface GoogleEndpoints {
  readonly run?: string;
  readonly logging?: string;
}

export interface RunClients {
  readonly services: runV2.ServicesClient;
  readonly revisions: runV2.RevisionsClient;
}
export type LoggingClient = loggingV2.LoggingServiceV2Client;

/** One of Google's APIs: every call has a deadline, stops waiting at the signal, and fails with a value. */
export interface GoogleApi<Client> {
  call<T>(request: CallRequest<Client, T>, signal: AbortSignal): Promise<Result<T>>;
}

export interface GoogleClients {
  readonly run: GoogleApi<RunClients>;
  readonly logging: GoogleApi<LoggingClient>;
  /** Ends the connections. Calls after it are a bug. */
  close(): Promise<void>;
}

/**
 * Google's clients, imported and connected at first use: half a second that `loop --help` must not pay.
 * Missing credentials are a failure value (`permission`). `token` is sent to plaintext endpoints only.
 * `userAgent` is what the audit log knows us by.
 */
export function googleClients(options: {
  readonly project: string;
  readonly endpoints: GoogleEndpoints;
  readonly token?: string;
  readonly userAgent: string;
  readonly limits?: CallLimits;
}): GoogleClients {
  const { project, endpoints, token, userAgent, limits = callLimits } = options;
  const run = lazily(() => connect(clientOptions(project, endpoints.run, userAgent), runClients));
  const logging = lazily(() => connect(clientOptions(project, endpoints.logging, userAgent), loggingClient));
  return {
    run: api(run, headersFor(endpoints.run, token), limits),
    logging: api(logging, headersFor(endpoints.logging, token), limits),
    close: async () => {
      const [runOpen, loggingOpen] = await Promise.all([run.made(), logging.made()]);
      await Promise.all([runOpen?.services.close(), runOpen?.revisions.close(), loggingOpen?.close()]);
    },
  };
}

/** Once it stayed silent until the deadline, an API is asked with little patience until it answers again: a run must end. */
function api<Client>(
  lazy: Lazy<Client>,
  headers: Readonly<Record<string, string>>,
  patient: CallLimits,
): GoogleApi<Client> {
  let silent = false;
  const impatient = { ...patient, readAttemptsMax: 1, readTimeoutMs: patient.silentTimeoutMs };
  return {
    call: async (request, signal) => {
      const client = await lazy.get();
      if (!client.ok) return client;
      const answer = await rpc(client.value, request, { headers, limits: silent ? impatient : patient }, signal);
      silent = !answer.ok && answer.failure.code === 'timeout';
      return answer;
    },
  };
}

async function connect<Client>(
  given: Promise<Result<ClientOptions>>,
  make: (options: ClientOptions) => Promise<Client>,
): Promise<Result<Client>> {
  const options = await given;
  return options.ok ? succeed(await make(options.value)) : options;
}

async function runClients(options: ClientOptions): Promise<RunClients> {
  const { v2 } = await import('@google-cloud/run');
  return { services: new v2.ServicesClient(options), revisions: new v2.RevisionsClient(options) };
}

async function loggingClient(options: ClientOptions): Promise<LoggingClient> {
  const { v2 } = await import('@google-cloud/logging');
  // The package re-exports the generated client without its types; they are those of the package that it comes from.
  return new v2.LoggingServiceV2Client(options) as LoggingClient;
}

/** An insecure channel carries no credentials of its own, so the emulator's token goes with each call. */
function headersFor(endpoint: string | undefined, token: string | undefined): Record<string, string> {
  return token !== undefined && isPlaintext(endpoint) ? { authorization: `Bearer ${token}` } : {};
}

interface Lazy<Client> {
  get(): Promise<Result<Client>>;
  made(): Promise<Client | null>;
}

/** Made once; a failure is not kept, since credentials may appear while `loop` waits. */
function lazily<Client>(make: () => Promise<Result<Client>>): Lazy<Client> {
  let pending: Promise<Result<Client>> | null = null;
  const get = async (): Promise<Result<Client>> => {
    pending ??= make();
    const result = await pending;
    if (!result.ok) pending = null;
    return result;
  };
  const made = async (): Promise<Client | null> => {
    const result = await pending;
    return result?.ok ? result.value : null;
  };
  return { get, made };
}
