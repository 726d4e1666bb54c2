import { mkdtemp, rm } from 'node:fs/promises';
import { join, posix, resolve } from 'node:path';
import { fail, type Result, succeed } from '../../core/result.ts';
import { refuseShortNames } from './clone.ts';
import type { Git } from './git.ts';

/**
 * Writes one folder of a commit into `folder`, file for file: unlike `git archive`, no attribute leaves anything out.
 * The index that it takes is its own, so that several can be written at once.
 */
export async function extractFolder(
  git: Git,
  request: { commit: string; path: string; folder: string },
  signal: AbortSignal,
): Promise<Result<null>> {
  const refused = refuseShortNames(request.commit);
  if (refused) return refused;
  const path = posix.normalize(request.path).replace(/\/$/, '');
  if (posix.isAbsolute(path) || path === '..' || path.startsWith('../')) {
    return fail('usage', `a path outside the repository: ${JSON.stringify(request.path)}`);
  }
  const tree = path === '.' ? `${request.commit}^{tree}` : `${request.commit}:${path}`;
  const scratch = await mkdtemp(join(git.clone, 'index-'));
  try {
    return await writeTree(git, tree, resolve(request.folder), join(scratch, 'index'), signal);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function writeTree(
  git: Git,
  tree: string,
  folder: string,
  index: string,
  signal: AbortSignal,
): Promise<Result<null>> {
  const call = { folder, env: { GIT_INDEX_FILE: index } };
  const found = await git.run(['rev-parse', '--verify', '--end-of-options', tree], call, signal);
  if (!found.ok) return found;
  for (const step of [
    ['read-tree', found.value.text.trim()],
    ['checkout-index', '--all', '--force', '--quiet'],
  ]) {
    const done = await git.run(step, call, signal);
    if (!done.ok) return done;
  }
  return succeed(null);
}
