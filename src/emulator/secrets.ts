import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { readJson, writeJson } from './json-file.ts';

const Secrets = z.object({ DEMO_JWT_SECRET: z.string().min(32) });
export type Secrets = z.infer<typeof Secrets>;

/** Made once, at random, and kept: revisions of yesterday verify tokens of today. */
export function keepSecrets(file: string): Secrets {
  const read = readJson(file, Secrets);
  if (read.state === 'read') return read.value;
  const secrets = { DEMO_JWT_SECRET: randomBytes(32).toString('hex') };
  writeJson(file, secrets);
  return secrets;
}
