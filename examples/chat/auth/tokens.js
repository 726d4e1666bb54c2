import { jwtVerify, SignJWT } from 'jose';

const ISSUER = 'chat-auth';
const LIFETIME = '5m';

/** Signs and checks this product's tokens with one shared secret. */
export function createTokens(secret) {
  const key = new TextEncoder().encode(secret);
  return {
    sign: (user) =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(user)
        .setIssuer(ISSUER)
        .setIssuedAt()
        .setExpirationTime(LIFETIME)
        .sign(key),
    /** The claims, or undefined when the token is forged, expired or none at all. */
    verify: async (token) => {
      try {
        return (await jwtVerify(token ?? '', key, { issuer: ISSUER, algorithms: ['HS256'] })).payload;
      } catch {
        return undefined;
      }
    },
  };
}
