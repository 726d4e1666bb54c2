import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const watch = 'requestsMin: 0';

/** The embedded default as it is shipped but for shorter watches, in a temporary folder with its own `.loop/` and `worklogs/`. */
export function exampleProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'loop-example-'));
  for (const name of ['config', 'pipelines']) cpSync(resolve(name), join(folder, name), { recursive: true });
  const pipeline = join(folder, 'pipelines', 'e2e.yaml');
  const text = readFileSync(pipeline, 'utf8');
  writeFileSync(
    pipeline,
    text.replace('stableForSeconds: 3', 'stableForSeconds: 1').replace(watch, `${watch}, watchSeconds: 1`),
  );
  symlinkSync(resolve('examples'), join(folder, 'examples'));
  return folder;
}
