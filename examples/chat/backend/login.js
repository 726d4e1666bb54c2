import { HttpError } from './http.js';

const AUTH_MS_MAX = 3_000;
const CARRIED_ON = ['traceparent', 'user-agent'];

/** Hands a login on to the auth service, so that the page needs one address only. The trace goes along. */
export function createLogin(authUrl) {
  return async function login(credentials, headers) {
    const response = await askAuth(new URL('/login', authUrl), credentials, headers);
    const body = await response.json();
    if (!response.ok) throw new HttpError(response.status, body.error ?? 'login failed');
    return body;
  };
}

async function askAuth(url, credentials, headers) {
  const carried = CARRIED_ON.filter((name) => headers[name]).map((name) => [name, headers[name]]);
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...Object.fromEntries(carried) },
      body: JSON.stringify(credentials),
      signal: AbortSignal.timeout(AUTH_MS_MAX),
    });
  } catch (error) {
    throw new HttpError(502, `auth service does not answer: ${error.cause?.code ?? error.name}`);
  }
}
