import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { ReportFailure } from '../core/test-report.ts';

export type OpenedFile = { ok: true; handle: FileHandle; bytes: number } | { ok: false; failure: ReportFailure };

/**
 * Opens a report for reading if it is a regular file inside `folder`: no symbolic link on the last step, no link above it
 * that leads out, no FIFO or device (those would block or never end). The caller closes the handle.
 */
export async function openRegularFile(file: string, folder: string): Promise<OpenedFile> {
  const path = resolve(folder, file);
  try {
    const place = await realPlace(path, folder);
    if (place === null)
      return refused('outside-folder', file, 'lies outside of the report folder', 'write it to $LOOP_REPORT');
    const kind = oddKind(await lstat(place));
    if (kind !== null)
      return refused('not-regular', file, `is ${kind}, not a regular file`, 'let the runner write a plain file');
    return await openPlain(place, file);
  } catch (error) {
    return unreadable(file, error);
  }
}

async function openPlain(place: string, file: string): Promise<OpenedFile> {
  // Between the look and the opening the file may have been exchanged: the flags and the second look close that gap.
  const handle = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stat = await handle.stat();
  if (stat.isFile()) return { ok: true, handle, bytes: stat.size };
  await handle.close();
  return refused('not-regular', file, 'is not a regular file', 'let the runner write a plain file');
}

async function realPlace(path: string, folder: string): Promise<string | null> {
  const [parent, home] = await Promise.all([realpath(dirname(path)), realpath(folder)]);
  const way = relative(home, parent);
  return way === '..' || way.startsWith('../') || isAbsolute(way) ? null : join(parent, basename(path));
}

function oddKind(stat: Stats): string | null {
  if (stat.isFile()) return null;
  if (stat.isSymbolicLink()) return 'a symbolic link';
  if (stat.isDirectory()) return 'a folder';
  return stat.isFIFO() ? 'a FIFO' : 'a device or socket';
}

function unreadable(file: string, error: unknown): OpenedFile {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT')
    return refused('no-file', file, 'does not exist', 'the runner wrote no report; look at its output');
  if (code === 'ELOOP') return refused('not-regular', file, 'is a symbolic link', 'let the runner write a plain file');
  return refused('unreadable', file, `cannot be opened (${code})`, 'check its permissions');
}

function refused(reason: ReportFailure['reason'], file: string, what: string, hint: string): OpenedFile {
  return { ok: false, failure: { reason, message: `${file} ${what}`, hint, file } };
}
