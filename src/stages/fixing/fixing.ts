import { kindOfPath } from '../../analysis/path-kind.ts';
import type { Cause, Fix } from '../../core/record.ts';
import type { FixOutcome } from '../../core/words.ts';
import { plain, proven } from '../../ports/journal.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import { fixBranch, fixWorktree } from '../cause-keys.ts';
import { currentCause } from '../current-cause.ts';
import { fixBrief } from '../fix-brief.ts';
import type { StageParts } from '../parts.ts';
import { begunFix, triedFixes } from '../tried-fixes.ts';

type Parts = Pick<StageParts, 'environment' | 'repository' | 'fixers'>;

const fixerTimeoutMs = 15 * 60_000;
const diffBytesMax = 200_000;

/** One attempt at the cause, on a branch of its own from the judged commit. What counts is the tree afterwards, not what the fixer says. */
export function fixing(parts: Parts): Stage<'fixing'> {
  return async (run) => {
    const cause = currentCause(run);
    const attempt = await attemptNumber(cause, run);
    await run.memory.rememberFix({ fingerprint: cause.fingerprint, n: attempt, run: run.record.run.id, ...begunFix });
    const fix = await run.journal.step<Fix>(`${run.key}/fix`, { cause: cause.fingerprint, attempt }, () =>
      attemptFix(cause, attempt, parts, run),
    );
    if (fix.outcome !== 'fixed') await rememberAttempt(fix, run);
    const fixes = [...run.record.fixes.filter((one) => !(one.cause === fix.cause && one.attempt === fix.attempt)), fix];
    return {
      facts: { outcome: fix.outcome },
      patch: { fixes },
      said: `${fix.fixer}: ${fix.outcome}, ${fix.because}`,
      ok: fix.outcome === 'fixed',
    };
  };
}

/** Fixed in the journal when the stage begins: a resumed attempt is the same attempt. */
function attemptNumber(cause: Cause, run: StageRun): Promise<number> {
  return run.journal.step(`${run.key}/attempt`, { cause: cause.fingerprint }, async () =>
    plain((await triedFixes(cause.fingerprint, run)).length + 1),
  );
}

async function attemptFix(cause: Cause, attempt: number, parts: Parts, run: StageRun) {
  const head = run.record.run.head ?? '';
  const fixer = parts.fixers[(attempt - 1) % parts.fixers.length];
  const branch = fixBranch(cause.fingerprint, attempt);
  const bare = {
    cause: cause.fingerprint,
    attempt,
    fixer: fixer?.name ?? 'none',
    branch,
    base: head,
    commit: null,
    files: [],
    audits: [],
    proof: null,
  };
  const ended = (outcome: FixOutcome, because: string) => plain<Fix>({ ...bare, outcome, because, evidence: [] });
  if (!fixer) return ended('no-op', 'the pipeline names no fixer');
  const worktree = await parts.repository.worktree(
    { name: fixWorktree(cause.fingerprint, attempt), commit: head, branch },
    run.signal,
  );
  if (!worktree.ok) return ended('blocked', worktree.failure.message);
  run.progress(`${fixer.name}: working on ${cause.title}`);
  const request = {
    folder: worktree.value,
    baseCommit: head,
    cause,
    // With several fixers in turn each has a count of its own.
    attempt: Math.ceil(attempt / parts.fixers.length),
    brief: fixBrief(cause, run.record),
    timeoutMs: fixerTimeoutMs,
  };
  const answer = await fixer.fix(request, run.signal);
  if (answer.outcome !== 'fixed') return ended(answer.outcome, answer.because);
  const files = await parts.repository.changedFiles(worktree.value, run.signal);
  if (!files.ok) return ended('agent-error', files.failure.message);
  const refused = refusal(files.value, parts.environment.limits.filesPerFix);
  if (refused) return ended(refused.outcome, refused.because);
  const commit = await parts.repository.commit(
    { folder: worktree.value, message: messageOf(answer.title, cause, run), at: run.record.run.startedAt },
    run.signal,
  );
  if (!commit.ok) return ended('agent-error', commit.failure.message);
  const diff = await parts.repository.diff(head, commit.value, diffBytesMax, run.signal);
  const source = `git diff ${head.slice(0, 12)}..${commit.value.slice(0, 12)} on ${branch}`;
  const content = diff.ok ? diff.value : diff.failure.message;
  const excerpt = `${files.value.length} files: ${files.value.join(', ')}`;
  const artifact = await run.artifacts.put({ kind: 'diff', source, at: run.now().toISOString(), content, excerpt });
  const fix = {
    ...bare,
    outcome: 'fixed' as const,
    because: answer.because,
    commit: commit.value,
    files: [...files.value],
  };
  return proven<Fix>(artifact, (evidence) => ({ ...fix, evidence: [evidence] }));
}

/** Files that a fix must not touch: what defines the failing test, the pipelines of the forge, lock files. */
function refusal(files: readonly string[], filesMax: number): { outcome: FixOutcome; because: string } | null {
  if (files.length === 0) return { outcome: 'no-op', because: 'the fixer changed nothing' };
  if (files.length > filesMax)
    return { outcome: 'out-of-scope', because: `${files.length} files, the limit is ${filesMax}` };
  const test = files.find((file) => kindOfPath(file) === 'test');
  if (test) return { outcome: 'weakened-tests', because: `it changes a test: ${test}` };
  const guarded = files.find((file) => /^\.github\/|(^|\/)(package-lock\.json|yarn\.lock|pnpm-lock\.yaml)$/.test(file));
  return guarded ? { outcome: 'out-of-scope', because: `it changes ${guarded}` } : null;
}

function messageOf(title: string, cause: Cause, run: StageRun): string {
  return `${title}\n\nMade by loop in run ${run.record.run.id} for cause ${cause.fingerprint}.\n`;
}

async function rememberAttempt(fix: Fix, run: StageRun): Promise<void> {
  const { cause: fingerprint, attempt: n, outcome, commit, because } = fix;
  await run.memory.rememberFix({ fingerprint, n, run: run.record.run.id, outcome, held: false, commit, because });
}
