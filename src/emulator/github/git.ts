import { execFile } from 'node:child_process';

/** What one `git` process said. `code` is its exit code, or `outputTooLarge` when it said more than we keep. */
interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs one Git command in one bare repository. Rejects only when Git could not be started, took too long or was aborted. */
export type Git = (args: readonly string[], options?: GitOptions) => Promise<GitAnswer>;

export interface GitOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Where Git is found (a PATH), and the signal that ends its processes when the emulator closes. */
export interface GitHost {
  readonly searchPath: string;
  readonly signal: AbortSignal;
}

const outputTooLarge = -1;
const outputBytesMax = 64 * 1024 * 1024;
const gitMsMax = 30_000;

export function gitIn(folder: string, host: GitHost): Git {
  return (args, options = {}) =>
    new Promise((resolve, reject) => {
      const child = execFile(
        'git',
        ['--git-dir', folder, ...args],
        {
          encoding: 'buffer',
          maxBuffer: outputBytesMax,
          timeout: gitMsMax,
          signal: host.signal,
          env: { ...cleanEnvironment(host.searchPath), ...options.environment },
        },
        (error, stdout, stderr) => {
          const code = exitCode(error);
          if (code === null) return reject(new Error(`git ${args[0]} did not finish`, { cause: error }));
          resolve({ code, stdout, stderr: stderr.toString() });
        },
      );
      // Git may exit before it has read its input; its exit code tells us more than the broken pipe.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(options.input ?? '');
    });
}

/** The trimmed output of a command that can only fail by a bug of ours or a damaged repository. */
export async function gitText(git: Git, args: readonly string[], options?: GitOptions): Promise<string> {
  const answer = await git(args, options);
  if (answer.code !== 0) throw new Error(`git ${args.join(' ')} ended with ${answer.code}: ${answer.stderr.trim()}`);
  return answer.stdout.toString().trim();
}

/** An environment in which no configuration, prompt or pathspec magic of the person's own account can act. */
export function cleanEnvironment(searchPath: string): Record<string, string> {
  return {
    PATH: searchPath,
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
  };
}

function exitCode(error: Error | null): number | null {
  if (error === null) return 0;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return outputTooLarge;
  return typeof code === 'number' ? code : null;
}
