import { jwtVerify } from 'jose';

/** Checks the tokens that the auth service signs; both know the same secret. */
export function createTokenCheck(secret) {
  const key = new TextEncoder().encode(secret);
  /** The user's name, or undefined when the token is forged, expired or none at all. */
  return async function userOf(token) {
    if (!token) return undefined;
    try {
      return (await jwtVerify(token, key, { issuer: 'chat-auth', algorithms: ['HS256'] })).payload.sub;
    } catch {
      return undefined;
    }
  };
}
