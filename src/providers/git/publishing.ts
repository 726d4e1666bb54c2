import { fail, type Result, succeed } from '../../core/result.ts';
import { refuseShortNames } from './clone.ts';
import type { Git } from './git.ts';
import type { GitSettings } from './settings.ts';

export async function remoteBranch(
  git: Git,
  settings: GitSettings,
  branch: string,
  signal: AbortSignal,
): Promise<Result<string | null>> {
  const ref = `refs/heads/${branch}`;
  const args = ['ls-remote', '--refs', '--end-of-options', settings.remoteUrl, ref];
  const listed = await git.run(args, { remote: true }, signal);
  if (!listed.ok) return listed;
  // The pattern also matches refs that merely end like this one.
  const line = listed.value.text.split('\n').find((each) => each.endsWith(`\t${ref}`));
  return succeed(line?.split('\t')[0] ?? null);
}

/** Without force: a branch that is not there yet, or one that only moves forward. There already is success. */
export async function pushBranch(
  git: Git,
  settings: GitSettings,
  request: { branch: string; commit: string },
  signal: AbortSignal,
): Promise<Result<null>> {
  const { branch, commit } = request;
  const refused = refuseShortNames(commit) ?? (await refuseBranch(git, settings, branch, signal));
  if (refused) return refused;
  const there = await remoteBranch(git, settings, branch, signal);
  if (!there.ok) return there;
  if (there.value === commit) return succeed(null);
  const args = [
    'push',
    '--quiet',
    '--no-verify',
    '--end-of-options',
    settings.remoteUrl,
    `${commit}:refs/heads/${branch}`,
  ];
  const pushed = await git.run(args, { remote: true }, signal);
  return pushed.ok ? succeed(null) : pushed;
}

async function refuseBranch(
  git: Git,
  settings: GitSettings,
  branch: string,
  signal: AbortSignal,
): Promise<ReturnType<typeof fail> | null> {
  if (sameBranch(branch, settings.base))
    return fail('permission', `loop never pushes to the base branch ${settings.base}`);
  const wellFormed = await git.run(['check-ref-format', `refs/heads/${branch}`], { answers: [0, 1] }, signal);
  if (!wellFormed.ok) return wellFormed;
  return wellFormed.value.exitCode === 0 ? null : fail('usage', `not a branch name: ${JSON.stringify(branch)}`);
}

/** Some file systems below a Git server do not tell `Main` from `main`. */
function sameBranch(branch: string, base: string): boolean {
  const short = (name: string) => name.replace(/^(refs\/)?heads\//, '').toLowerCase();
  return short(branch) === short(base);
}
