import type { Dirent } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { globMatcher } from '../core/glob.ts';
import { fail, type Result, succeed } from '../core/result.ts';

const entriesMax = 200_000;
/** Folders of others, and large ones. */
const leftOut = ['node_modules', '.git'];

/** Files below a folder that match one of the globs, sorted, with forward slashes; a link that leads out of it is refused. */
export async function filesBelow(folder: string, globs: readonly string[]): Promise<Result<string[]>> {
  const outside = globs.find(leaves);
  if (outside !== undefined) return fail('config', `the glob ${outside} leaves the folder`);
  const wanted = globs.map(globMatcher);
  const bases = [...new Set(globs.map(baseOf))];
  const found: string[] = [];
  const queue = bases.filter((base) => !bases.some((other) => other !== base && isIn(base, other)));
  let entries = 0;
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const entry of await entriesOf(join(folder, at))) {
      const name = at === '' ? entry.name : `${at}/${entry.name}`;
      if (++entries > entriesMax)
        return fail(
          'config',
          `more than ${entriesMax} files lie below ${at || folder}`,
          'write globs that begin with a folder',
        );
      if (entry.isDirectory() && !leftOut.includes(entry.name)) queue.push(name);
      else if (!entry.isDirectory() && wanted.some((matches) => matches(name))) found.push(name);
    }
  }
  const root = await realpath(folder);
  for (const name of found) {
    const real = await realpath(join(folder, name)).catch(() => null);
    if (real === null || !real.startsWith(root + sep))
      return fail('config', `${name} is a link that leads out of the folder`);
  }
  return succeed(found.toSorted());
}

export function leaves(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:)/.test(path) || path.split(/[/\\]/).includes('..');
}

/** The folders of a glob before its first special character. */
function baseOf(glob: string): string {
  return glob
    .split('/')
    .slice(0, -1)
    .join('/')
    .replace(/(?:^|\/)[^/]*[*?].*$/, '');
}

function isIn(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

/** None where there is no such folder: nothing matches in it. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}
