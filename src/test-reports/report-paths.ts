import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { own } from './capture.ts';

/**
 * The place of a file named in a report, relative to `root` with forward slashes, or null where it lies outside of it.
 * The name is data of the tested program: it is compared, never opened.
 */
export function placeInRoot(name: string, root: string): string | null {
  const path = plainPath(name);
  if (path === null || path === '') return null;
  if (/^[A-Za-z]:\//.test(path) || path.startsWith('//')) return null;
  const relative = path.startsWith('/') ? posix.relative(root, path) : posix.normalize(path);
  if (relative === '' || relative === '.' || relative === '..' || relative.startsWith('../')) return null;
  return relative;
}

/** The same, remembering the latest answer: a report names one file for many tests in a row. */
export function makePlacing(root: string): (name: string) => string | null {
  let latest: { name: string; place: string | null } | null = null;
  return (name) => {
    if (latest?.name !== name) latest = { name: own(name), place: placeInRoot(own(name), root) };
    return latest.place;
  };
}

function plainPath(name: string): string | null {
  if (/\p{Cc}|\uFFFD/u.test(name)) return null;
  if (!name.startsWith('file:')) return name.replaceAll('\\', '/');
  try {
    return fileURLToPath(name.replace(/[?#].*$/, ''));
  } catch {
    return null;
  }
}

/** How a file is called in the names of its tests: its place in `root`, else its last part, so that a machine's folders are not in them. */
export function fileTitle(name: string, root: string): string {
  return placeInRoot(name, root) ?? name.replaceAll('\\', '/').split('/').at(-1) ?? '';
}
