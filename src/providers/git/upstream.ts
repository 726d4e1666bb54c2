import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** For tests: somebody else's repository, a real one on the disk, with a working tree to commit in. */
export interface Upstream {
  /** `file://` address of the bare repository. */
  readonly url: string;
  git(...args: string[]): Promise<string>;
  /** Writes files (null removes one), commits them on the current branch and pushes. Each commit is a minute later than the one before. */
  commit(title: string, files: Readonly<Record<string, string | null>>): Promise<string>;
}

export async function makeUpstream(folder: string): Promise<Upstream> {
  const bare = join(folder, 'upstream.git');
  const work = join(folder, 'upstream');
  let minute = 0;
  const git = async (...args: string[]) => {
    const date = `@${1_767_225_600 + 60 * minute} +0000`;
    const { stdout } = await run('git', args, {
      cwd: work,
      env: { ...quiet, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    });
    return stdout.trim();
  };
  await mkdir(work, { recursive: true });
  await git('init', '--quiet', '--bare', '--initial-branch=main', bare);
  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', 'origin', bare);
  return {
    url: `file://${bare}`,
    git,
    commit: async (title, files) => {
      minute += 1;
      for (const [path, content] of Object.entries(files)) await put(join(work, path), content);
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '-m', title);
      await git('push', '--quiet', 'origin', 'HEAD');
      return git('rev-parse', 'HEAD');
    },
  };
}

/** git's environment in tests: nothing of the machine's configuration. */
export const quiet = {
  PATH: process.env.PATH ?? '',
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'an engineer',
  GIT_AUTHOR_EMAIL: 'engineer@example.com',
  GIT_COMMITTER_NAME: 'an engineer',
  GIT_COMMITTER_EMAIL: 'engineer@example.com',
};

async function put(path: string, content: string | null): Promise<void> {
  if (content === null) return rm(path);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
