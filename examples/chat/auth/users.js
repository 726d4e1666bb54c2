import { scryptSync, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';

const users = new Map(Object.entries(JSON.parse(readFileSync(new URL('./users.json', import.meta.url), 'utf8'))));

// An unknown name is checked against this, so that it takes as long as a wrong password.
const NOBODY = { salt: '00', scrypt: '00'.repeat(32) };

/** Whether the password is this user's. */
export function passwordIsRight(user, password) {
  if (typeof user !== 'string' || typeof password !== 'string') return false;
  const known = users.get(user) ?? NOBODY;
  const given = scryptSync(password, Buffer.from(known.salt, 'hex'), 32, { N: 1024 });
  return timingSafeEqual(given, Buffer.from(known.scrypt, 'hex')) && users.has(user);
}
