import { cpSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The embedded default as it is shipped, in a temporary folder with its own `.loop/` and `worklogs/`. */
export function exampleProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'loop-example-'));
  for (const name of ['config', 'pipelines']) cpSync(resolve(name), join(folder, name), { recursive: true });
  symlinkSync(resolve('examples'), join(folder, 'examples'));
  return folder;
}
