import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadEnvironment } from '../config/load.ts';
import { formatProblems } from '../config/messages.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { RunStore } from '../ports/run-store.ts';
import { NewerDatabase } from '../store/migrations.ts';
import { openRunStore } from '../store/run-store.ts';
import type { Host } from './host.ts';

/** Opens the store behind `sqlite:<file>`, relative to the project. A file that is none of ours is a failure of the config. */
export async function openStore(host: Pick<Host, 'project'>, setting: string): Promise<Result<RunStore>> {
  const file = storeFile(host, setting);
  try {
    return succeed(await openRunStore(file));
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    if (error instanceof NewerDatabase) return fail('config', `${file}: ${because}`);
    return fail(
      'config',
      `${file} cannot be opened as loop's database: ${because}`,
      'check `store:` in the config, or move the file away',
    );
  }
}

/**
 * The store of an environment, for a command that reads. Fails with `not-found` when no run was made here yet: a read makes no file.
 */
export async function openExistingStore(
  host: Pick<Host, 'project' | 'env'>,
  environment: string,
): Promise<Result<RunStore>> {
  const loaded = await loadEnvironment({ folder: join(host.project, 'config'), name: environment, env: host.env });
  if (!loaded.ok) return fail('config', formatProblems(loaded.problems));
  const file = storeFile(host, loaded.value.store);
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (!there) return fail('not-found', 'there is no run yet', 'start one with: loop --focus all');
  return openStore(host, loaded.value.store);
}

function storeFile({ project }: Pick<Host, 'project'>, setting: string): string {
  return resolve(project, setting.replace(/^sqlite:/, ''));
}
