import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { fail, type Result, succeed } from '../../core/result.ts';

const PATH_DEFAULT = '/usr/local/bin:/usr/bin:/bin';

/** The file that a command's first word names, as a shell would find it. Failure: `not-started`. */
export async function findProgram(name: string, cwd: string, path: string | undefined): Promise<Result<string>> {
  if (!(await isFolder(cwd))) return fail('not-started', `no such folder: ${cwd}`);
  const candidates = name.includes('/')
    ? [resolve(cwd, name)]
    : (path ?? PATH_DEFAULT)
        .split(delimiter)
        .map((folder) => join(isAbsolute(folder) ? folder : resolve(cwd, folder), name));
  let refused: string | null = null;
  for (const file of candidates) {
    if (!(await isFile(file))) continue;
    if (await isExecutable(file)) return succeed(file);
    refused = file;
  }
  if (refused !== null) return fail('not-started', `not executable: ${refused}`, 'chmod +x makes it so');
  return fail('not-started', `no such program: ${name}`, 'is it installed, and on the PATH that the command is given?');
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path)
    .then((facts) => facts.isDirectory())
    .catch(() => false);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path)
    .then((facts) => facts.isFile())
    .catch(() => false);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK)
    .then(() => true)
    .catch(() => false);
}
