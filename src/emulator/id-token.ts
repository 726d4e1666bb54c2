import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import { answer, refuse } from './answer.ts';
import { type Clock, toNanos } from './clock.ts';
import { sameText } from './grpc-server.ts';
import type { RestApi } from './rest/rest-call.ts';

const lifetimeSeconds = 3600;

/** ID tokens in Google's shape, signed with a key of the emulator's own. */
export interface IdTokens {
  issue(email: string, audience: string): string;
  /** Whether a token of ours, not yet expired, is for one of these audiences. */
  fits(token: string, audiences: readonly string[]): boolean;
}

const Claims = z.object({ aud: z.string(), exp: z.number() });

export function makeIdTokens(emulatorToken: string, clock: Clock): IdTokens {
  const key = createHash('sha256').update(`id-token ${emulatorToken}`).digest();
  const sign = (text: string) => createHmac('sha256', key).update(text).digest('base64url');
  const nowSeconds = () => Number((toNanos(clock.now()) ?? 0n) / 1_000_000_000n);
  return {
    issue(email, audience) {
      const iat = nowSeconds();
      const subject = createHash('sha256').update(email).digest('hex').slice(0, 21);
      const claims = { aud: audience, azp: subject, sub: subject, email, email_verified: true };
      const text = [
        { alg: 'HS256', typ: 'JWT', kid: 'loop-emulator' },
        { ...claims, iss: 'https://accounts.google.com', iat, exp: iat + lifetimeSeconds },
      ]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      return `${text}.${sign(text)}`;
    },
    fits(token, audiences) {
      const [header = '', payload = '', signature = ''] = token.split('.');
      if (!sameText(signature, sign(`${header}.${payload}`))) return false;
      const { aud, exp } = Claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
      return audiences.includes(aud) && exp > nowSeconds();
    },
  };
}

const GenerateBody = z.object({ audience: z.string().min(1), includeEmail: z.boolean().optional() });

/** IAM Credentials' `generateIdToken`: the emulator's account may impersonate every account. */
export function iamCredentialsApi(tokens: IdTokens): RestApi {
  return ({ method, path, body }) => {
    const email = /^\/v1\/projects\/-\/serviceAccounts\/([^/]+):generateIdToken$/.exec(path)?.[1];
    if (method !== 'POST' || email === undefined) return null;
    const read = GenerateBody.safeParse(body);
    if (!read.success)
      return Promise.resolve(refuse('INVALID_ARGUMENT', 'Request contains an invalid argument: audience.'));
    return Promise.resolve(answer({ token: tokens.issue(email, read.data.audience) }));
  };
}
