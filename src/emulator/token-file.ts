import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The token by itself, for a person's `curl`. */
export function tokenFile(stateFolder: string): string {
  return join(stateFolder, 'token');
}

/** Readable by its owner only. */
export async function writeTokenFile(stateFolder: string, token: string): Promise<void> {
  await writeFile(tokenFile(stateFolder), `${token}\n`, { mode: 0o600 });
}
