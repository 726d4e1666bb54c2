import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fail, type Result, succeed } from '../../core/result.ts';
import type { ProgramEnd } from '../process/program.ts';
import { localEnvironment, remoteEnvironment } from './git-environment.ts';
import { gitFailure } from './git-failure.ts';
import type { GitSettings } from './settings.ts';

const LOCAL_MS_MAX = 120_000;
const REMOTE_MS_MAX = 600_000;
const GRACE_MS = 2000;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
/** A lock that is still there after this many looks belongs to a git that died with an earlier loop. */
const LOCK_LOOKS = 3;
const LOCK_LOOK_EVERY_MS = 100;

/** No hook, no monitor, no `ext::` transport, no collector that outlives its command, whatever a configuration says. */
const ALWAYS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'protocol.ext.allow=never',
  'gc.autoDetach=false',
  'core.quotePath=false',
].flatMap((setting) => ['-c', setting]);

interface GitCall {
  /** Name of the worktree that the command works in; without it the bare clone. */
  readonly worktree?: string;
  /** A work tree that is no worktree of the clone, with an index of its own. */
  readonly folder?: string;
  /** The command talks to the remote: it gets the token and more time. */
  readonly remote?: boolean;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are answers; 0 when left out. */
  readonly answers?: readonly number[];
  /** Cut the output at so many bytes; without it, too much output is a failure. */
  readonly bytesMax?: number;
}

interface GitAnswer {
  readonly exitCode: number;
  readonly text: string;
}

/** The places on the disk, and a way to run git in them. */
export interface Git {
  readonly clone: string;
  readonly worktrees: string;
  run(args: readonly string[], call: GitCall, signal: AbortSignal): Promise<Result<GitAnswer>>;
}

/** git in loop's own clone in `folder` (a real path). The clone's and the worktrees' paths are given, so that a `.git` file in a worktree is not trusted. */
export function gitIn(settings: GitSettings, folder: string): Git {
  const git = { clone: join(folder, 'clone.git'), worktrees: join(folder, 'worktrees') };
  const once = (args: readonly string[], call: GitCall, signal: AbortSignal) =>
    settings.run(
      ['git', ...ALWAYS, ...places(git, call), ...args],
      {
        cwd: workFolder(git, call),
        env: {
          ...localEnvironment(settings, folder),
          ...(call.remote ? remoteEnvironment(settings) : {}),
          ...call.env,
        },
        timeoutMs: call.remote ? REMOTE_MS_MAX : LOCAL_MS_MAX,
        graceMs: GRACE_MS,
        // The first half is kept whole, so that twice the size keeps the beginning that is asked for.
        outputBytesMax: call.bytesMax === undefined ? OUTPUT_BYTES_MAX : 2 * call.bytesMax,
        ...(call.input === undefined ? {} : { input: call.input }),
      },
      signal,
    );
  return {
    ...git,
    run: async (args, call, signal) => {
      const end = await pastStaleLocks(() => once(args, call, signal), folder);
      return answerOf(args[0] ?? '', call, end);
    },
  };
}

function places(git: Pick<Git, 'clone' | 'worktrees'>, call: GitCall): string[] {
  if (call.worktree !== undefined) {
    return [
      `--git-dir=${join(git.clone, 'worktrees', call.worktree)}`,
      `--work-tree=${join(git.worktrees, call.worktree)}`,
    ];
  }
  return [`--git-dir=${git.clone}`, ...(call.folder === undefined ? [] : [`--work-tree=${call.folder}`])];
}

function workFolder(git: Pick<Git, 'clone' | 'worktrees'>, call: GitCall): string {
  return call.worktree === undefined ? (call.folder ?? git.clone) : join(git.worktrees, call.worktree);
}

function answerOf(what: string, call: GitCall, end: ProgramEnd): Result<GitAnswer> {
  const answered = end.how === 'exited' && end.exitCode !== null && (call.answers ?? [0]).includes(end.exitCode);
  if (!answered) return gitFailure(what, end);
  const bytes = end.output.read('stdout');
  if (call.bytesMax !== undefined) {
    return succeed({ exitCode: end.exitCode ?? 0, text: bytes.subarray(0, call.bytesMax).toString('utf8') });
  }
  if (end.output.truncated) return fail('unreadable', `git ${what} said more than ${OUTPUT_BYTES_MAX} bytes`);
  return succeed({ exitCode: end.exitCode ?? 0, text: bytes.toString('utf8') });
}

/** One loop works here at a time: a lock that stays was left by a git that was killed. */
async function pastStaleLocks(work: () => Promise<ProgramEnd>, folder: string): Promise<ProgramEnd> {
  let end = await work();
  for (let look = 0; look < LOCK_LOOKS; look += 1) {
    if (lockInTheWay(end, folder) === null) return end;
    await wait(LOCK_LOOK_EVERY_MS);
    end = await work();
  }
  const lock = lockInTheWay(end, folder);
  if (lock === null) return end;
  await rm(lock, { force: true });
  return work();
}

function lockInTheWay(end: ProgramEnd, folder: string): string | null {
  if (end.how !== 'exited' || end.exitCode === 0) return null;
  const said = end.output.read('stderr').toString('utf8');
  const created = /Unable to create '(.+\.lock)': File exists/.exec(said)?.[1];
  const configured = /could not lock config file (.+): File exists/.exec(said)?.[1];
  const lock = created ?? (configured === undefined ? undefined : `${configured}.lock`);
  return lock?.startsWith(`${folder}/`) ? lock : null;
}
