import { z } from 'zod';
import { type Failure, fail, type Result, succeed } from '../../core/result.ts';
import { type Identity, type IdToken, type IdTokens, idTokenMsLeftMin } from '../../ports/id-tokens.ts';
import { pause } from './call.ts';
import { isPlaintext } from './client-options.ts';
import { applicationDefault } from './credentials.ts';

const googleEndpoint = 'https://iamcredentials.googleapis.com';
const timeoutMs = 10_000;
const attemptsMax = 3;
const retryDelayMs = 250;

interface Options {
  readonly project: string;
  /** Another host of Google's, or a plaintext emulator, which gets `token` instead of real credentials. */
  readonly endpoint?: string;
  readonly token?: string;
  readonly now?: () => Date;
  /** Hears each token before anyone else does, so that nothing can print it. */
  readonly onMinted: (token: string) => void;
}

/**
 * ID tokens by the IAM Credentials API. google-auth-library mints none under federation from GitHub, and no other account's:
 * impersonation is the way that works for people, for keys and for federation alike.
 */
export function googleIdTokens({ now = () => new Date(), ...options }: Options): IdTokens {
  const kept = new Map<string, IdToken>();
  return {
    mint: async (identity, signal) => {
      const key = `${identity.serviceAccount} ${identity.audience}`;
      const known = kept.get(key);
      if (known && Date.parse(known.expiresAt) - now().getTime() > idTokenMsLeftMin) return succeed(known);
      if (identity.audience === '')
        return fail(
          'config',
          `no ID token as ${identity.serviceAccount}: the platform gives the service no address of its own`,
          'name its custom audience under private.audience',
        );
      const minted = await mintPatiently(identity, options, signal);
      if (minted.ok) kept.set(key, minted.value);
      return minted;
    },
  };
}

type Asked = Omit<Options, 'now'>;

async function mintPatiently(identity: Identity, options: Asked, signal: AbortSignal): Promise<Result<IdToken>> {
  const bearer = await bearerFor(options);
  if (!bearer.ok) return bearer;
  for (let attempt = 1; ; attempt += 1) {
    const minted = await mintOnce(identity, bearer.value, options, signal);
    const again = !minted.ok && ['unavailable', 'timeout', 'quota'].includes(minted.failure.code);
    if (!again || attempt === attemptsMax) return minted;
    await pause(retryDelayMs * 2 ** (attempt - 1), signal);
  }
}

async function bearerFor({ endpoint, token, project }: Asked): Promise<Result<string | null>> {
  if (isPlaintext(endpoint)) return succeed(token ?? null);
  const auth = await applicationDefault(project);
  if (!auth.ok) return auth;
  try {
    return succeed((await auth.value.getAccessToken()) ?? null);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return fail(
      'permission',
      `no access token for Google Cloud: ${because}`,
      'run `gcloud auth application-default login`',
    );
  }
}

async function mintOnce(
  { audience, serviceAccount }: Identity,
  bearer: string | null,
  { endpoint = googleEndpoint, onMinted }: Asked,
  signal: AbortSignal,
): Promise<Result<IdToken>> {
  const what = `mint an ID token as ${serviceAccount} for ${audience}`;
  if (signal.aborted) return fail('cancelled', `could not ${what}: cancelled`);
  const url = `${endpoint.replace(/\/$/, '')}/v1/projects/-/serviceAccounts/${encodeURIComponent(serviceAccount)}:generateIdToken`;
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      headers: {
        'content-type': 'application/json',
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify({ audience, includeEmail: true }),
    });
    const body = await response.text();
    if (!response.ok) return { ok: false, failure: refusal(what, serviceAccount, response.status, body) };
    return tokenIn(body, what, onMinted);
  } catch (error) {
    if (signal.aborted) return fail('cancelled', `could not ${what}: cancelled`);
    const late = error instanceof Error && error.name === 'TimeoutError';
    if (late) return fail('timeout', `could not ${what}: no answer within ${timeoutMs} ms`);
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return fail('unavailable', `could not ${what}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

const Minted = z.object({ token: z.string().min(1) });
const Claims = z.object({ exp: z.int() });

function tokenIn(body: string, what: string, onMinted: Options['onMinted']): Result<IdToken> {
  const minted = Minted.safeParse(jsonOf(body));
  if (!minted.success) return fail('unreadable', `could not ${what}: the answer holds no token`);
  const { token } = minted.data;
  onMinted(token);
  const claims = Claims.safeParse(jsonOf(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));
  const expires = new Date(claims.success ? claims.data.exp * 1000 : Number.NaN);
  if (Number.isNaN(expires.getTime()))
    return fail('unreadable', `could not ${what}: the token does not say when it expires`);
  return succeed({ token, expiresAt: expires.toISOString() });
}

const ErrorBody = z.object({ error: z.object({ message: z.string() }) });
const messageCharsMax = 300;

function refusal(what: string, account: string, status: number, body: string): Failure {
  const parsed = ErrorBody.safeParse(jsonOf(body));
  const said = (parsed.success ? parsed.data.error.message : `HTTP ${status}`).slice(0, messageCharsMax);
  const message = `could not ${what}: ${said}`;
  if (status === 401 || status === 403) {
    const hint = `grant roles/iam.serviceAccountTokenCreator on ${account} to whoever runs loop, and enable iamcredentials.googleapis.com`;
    return { code: 'permission', message, hint };
  }
  if (status === 400 || status === 404)
    return { code: 'config', message, hint: 'see private.serviceAccount and private.audience' };
  return { code: status === 429 ? 'quota' : 'unavailable', message };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
