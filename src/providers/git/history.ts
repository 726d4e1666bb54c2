import { fail, type Result, succeed } from '../../core/result.ts';
import type { CommitFacts, DiffLine } from '../../ports/repository.ts';
import { refuseShortNames } from './clone.ts';
import { diffLines } from './diff-lines.ts';
import type { Git } from './git.ts';

/** Diffs that do not depend on a configuration or a repository's attributes. */
const PLAIN = ['--no-color', '--no-ext-diff', '--no-textconv', '--src-prefix=a/', '--dst-prefix=b/'];

const HEADER = '\u001e';
const FIELD = '\u001f';

export async function commitsBetween(
  git: Git,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<Result<readonly CommitFacts[]>> {
  const refused = refuseShortNames(from, to);
  if (refused) return refused;
  const shape = [
    '--no-merges',
    '--date-order',
    '-z',
    '--name-only',
    '--no-renames',
    `--format=${HEADER}%H${FIELD}%ct${FIELD}%s`,
  ];
  const log = await git.run(['log', ...shape, '--end-of-options', `${from}..${to}`], {}, signal);
  return log.ok ? succeed(commitsOf(log.value.text)) : log;
}

export async function distanceBetween(
  git: Git,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<Result<{ behind: number; ahead: number }>> {
  const refused = refuseShortNames(from, to);
  if (refused) return refused;
  const args = ['rev-list', '--left-right', '--count', '--end-of-options', `${from}...${to}`];
  const counted = await git.run(args, {}, signal);
  if (!counted.ok) return counted;
  const [ahead = 0, behind = 0] = counted.value.text.trim().split(/\s+/).map(Number);
  return succeed({ behind, ahead });
}

/** Trees are compared, not commits: what was changed and changed back is not there. */
export async function pathsBetween(
  git: Git,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<Result<readonly string[]>> {
  const refused = refuseShortNames(from, to);
  if (refused) return refused;
  const shape = ['--name-only', '-z', '--no-renames', '--no-ext-diff', '--ignore-submodules=none'];
  const diff = await git.run(['diff', ...shape, '--end-of-options', from, to], {}, signal);
  return diff.ok ? succeed([...namesOf(diff.value.text)].sort()) : diff;
}

/** `git log -z`: a header, a NUL, then the file names, each with a NUL behind it, the first with a line break before it. */
function commitsOf(log: string): readonly CommitFacts[] {
  const commits: (CommitFacts & { files: string[] })[] = [];
  for (const token of log.split('\0')) {
    const current = commits.at(-1);
    if (token.startsWith(HEADER)) {
      const [sha = '', seconds, ...title] = token.slice(1).split(FIELD);
      commits.push({ sha, title: title.join(' '), at: new Date(Number(seconds) * 1000).toISOString(), files: [] });
    } else if (current && token !== '') {
      current.files.push(current.files.length === 0 ? token.replace(/^\n/, '') : token);
    }
  }
  return commits;
}

/** A merge is read against its first parent. */
export async function changedLines(
  git: Git,
  commit: string,
  signal: AbortSignal,
): Promise<Result<readonly DiffLine[]>> {
  const refused = refuseShortNames(commit);
  if (refused) return refused;
  const shape = ['--unified=0', '--format=', '--diff-merges=first-parent', '--find-renames', ...PLAIN];
  const shown = await git.run(['show', ...shape, '--end-of-options', commit], {}, signal);
  return shown.ok ? succeed(diffLines(shown.value.text)) : shown;
}

/** Cut behind the last whole line that fits into `bytesMax`. */
export async function diffBetween(
  git: Git,
  from: string,
  to: string,
  bytesMax: number,
  signal: AbortSignal,
): Promise<Result<string>> {
  const refused = refuseShortNames(from, to);
  if (refused) return refused;
  const diff = await git.run(['diff', ...PLAIN, '--end-of-options', from, to], { bytesMax }, signal);
  return diff.ok ? succeed(wholeLines(diff.value.text)) : diff;
}

/** What one commit changed, with its message; a merge is read against its first parent. */
export async function commitPatch(
  git: Git,
  commit: string,
  bytesMax: number,
  signal: AbortSignal,
): Promise<Result<string>> {
  const refused = refuseShortNames(commit);
  if (refused) return refused;
  const shape = ['--format=medium', '--diff-merges=first-parent', ...PLAIN];
  const shown = await git.run(['show', ...shape, '--end-of-options', commit], { bytesMax }, signal);
  return shown.ok ? succeed(wholeLines(shown.value.text)) : shown;
}

function wholeLines(text: string): string {
  return text.endsWith('\n') ? text : text.slice(0, text.lastIndexOf('\n') + 1);
}

export async function containsCommit(
  git: Git,
  commit: string,
  ancestor: string,
  signal: AbortSignal,
): Promise<Result<boolean>> {
  const refused = refuseShortNames(commit, ancestor);
  if (refused) return refused;
  const answers = [0, 1];
  const asked = await git.run(['merge-base', '--is-ancestor', ancestor, commit], { answers }, signal);
  return asked.ok ? succeed(asked.value.exitCode === 0) : asked;
}

export async function patchIdOf(git: Git, commit: string, signal: AbortSignal): Promise<Result<string>> {
  const refused = refuseShortNames(commit);
  if (refused) return refused;
  const shape = ['--root', '-p', '--no-renames', '--full-index', ...PLAIN];
  const patch = await git.run(['diff-tree', ...shape, '--end-of-options', commit], {}, signal);
  if (!patch.ok) return patch;
  const id = await git.run(['patch-id', '--stable'], { input: patch.value.text }, signal);
  if (!id.ok) return id;
  const [first = ''] = id.value.text.split(' ');
  return first === ''
    ? fail('not-found', `commit ${commit} changes nothing, or is a merge: it has no patch-id`)
    : succeed(first);
}

export function namesOf(text: string): readonly string[] {
  return text.split('\0').filter(Boolean);
}
