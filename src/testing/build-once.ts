import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Before the tests: many of them steer the built program, so that it must be of the source that they stand in. */
export function setup(): void {
  const built = statSync(resolve('dist', 'loop.cjs'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const newest = Math.max(...['src', 'scripts'].flatMap(sourcesIn).map((file) => statSync(file).mtimeMs));
  if (newest > built) execFileSync(process.execPath, [resolve('scripts', 'build.mjs')], { stdio: 'inherit' });
}

function sourcesIn(folder: string): string[] {
  const files = readdirSync(resolve(folder), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /(?<!\.test)\.(ts|mjs|cjs)$/.test(file)).map((file) => join(resolve(folder), file));
}
