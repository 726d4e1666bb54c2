import { plainLine } from '../../core/markdown-text.ts';
import type { Cause, Fix, Published } from '../../core/record.ts';
import { type Failure, type Result, succeed } from '../../core/result.ts';
import type { PullFacts } from '../../ports/forge.ts';
import { plain } from '../../ports/journal.ts';
import type { StageRun } from '../../ports/stage.ts';
import { fixWorktree, pullKey } from '../cause-keys.ts';
import type { PublishingParts } from './publishing-parts.ts';
import { pullBody } from './pull-body.ts';
import { revertedCommit } from './reverted-commit.ts';

type Stored = { ok: true; published: Published } | { ok: false; failure: Failure };

const labelsMax = 4;

/** The proven branch is pushed, then a pull request is opened that refers to the issue. Never the base branch, never a merge. */
export async function publishPull(
  request: { cause: Cause; fix: Fix; issue: number },
  parts: PublishingParts,
  run: StageRun,
): Promise<Result<Published>> {
  const { cause, fix, issue } = request;
  const commit = fix.commit ?? '';
  const pushed = await push(fix.branch, commit, parts, run);
  if (!pushed.ok) return pushed;
  const key = pullKey(cause.fingerprint, fix.attempt);
  const stored = await run.journal.effect<Stored>(
    `${run.key}/pull/${key}`,
    { key, commit },
    {
      find: async () => {
        const pulls = await parts.forge.pulls(run.signal);
        if (!pulls.ok) return plain<Stored>({ ok: false, failure: pulls.failure });
        const known = pulls.value.find((one) => one.key === key);
        return known ? plain(done(known, 'none', 'it is there already', run)) : null;
      },
      perform: async () => {
        const labels = [...parts.pipeline.publish.labels, ...(cause.priority ? [cause.priority] : [])].slice(
          0,
          labelsMax,
        );
        const title = plainLine(`${fixTitle(cause, fix)} (${cause.suite})`, 180);
        const body = pullBody({ cause, fix, issue }, run.record);
        const opened = await parts.forge.openPull(
          { key, title, body, branch: fix.branch, base: parts.environment.repository.base, labels },
          run.signal,
        );
        return plain(opened.ok ? done(opened.value, 'created', fix.proof?.because ?? '', run) : opened);
      },
    },
  );
  await parts.repository.removeWorktree(fixWorktree(cause.fingerprint, fix.attempt), run.signal);
  return stored.ok ? succeed(stored.published) : stored;
}

function fixTitle(cause: Cause, fix: Fix): string {
  const reverted = revertedCommit(cause, fix);
  return reverted ? `Revert "${reverted.title}"` : `Fix: ${cause.title}`;
}

async function push(branch: string, commit: string, parts: PublishingParts, run: StageRun): Promise<Result<null>> {
  const key = `${run.key}/push/${branch}`;
  const stored = await run.journal.effect<{ ok: true } | { ok: false; failure: Failure }>(
    key,
    { branch, commit },
    {
      find: async () => {
        const there = await parts.repository.remoteBranch(branch, run.signal);
        return there.ok && there.value === commit ? plain({ ok: true as const }) : null;
      },
      perform: async () => {
        const pushed = await parts.repository.push({ key, branch, commit }, run.signal);
        return plain(pushed.ok ? { ok: true as const } : pushed);
      },
    },
  );
  return stored.ok ? succeed(null) : stored;
}

function done(pull: PullFacts, action: Published['action'], because: string, run: StageRun): Stored {
  const { number, url, title, key } = pull;
  return {
    ok: true,
    published: { kind: 'pull', action, number, url, title, key: key ?? '', because, cycle: run.task.cycle },
  };
}
