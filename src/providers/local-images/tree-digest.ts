import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * `sha256:` over the sorted list of path, mode and content hash of every file, with the modes that Git knows: the same tree
 * gives the same digest whatever the umask, the clock or the disk. `files` is how many there are.
 */
export async function treeDigest(root: string): Promise<{ readonly digest: string; readonly files: number }> {
  const lines = await linesOf(root, '');
  lines.sort();
  const digest = createHash('sha256').update(lines.join('')).digest('hex');
  return { digest: `sha256:${digest}`, files: lines.length };
}

async function linesOf(root: string, folder: string): Promise<string[]> {
  const lines: string[] = [];
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) lines.push(...(await linesOf(root, path)));
    else lines.push(await lineOf(root, path, entry.isSymbolicLink()));
  }
  return lines;
}

async function lineOf(root: string, path: string, isLink: boolean): Promise<string> {
  const file = join(root, path);
  const content = isLink ? await readlink(file) : await readFile(file);
  const mode = isLink ? '120000' : await fileMode(file);
  return `${path}\0${mode}\0${createHash('sha256').update(content).digest('hex')}\n`;
}

async function fileMode(file: string): Promise<string> {
  const { mode } = await lstat(file);
  return (mode & 0o100) === 0 ? '100644' : '100755';
}
