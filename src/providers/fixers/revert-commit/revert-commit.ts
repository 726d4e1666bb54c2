import type { Failure } from '../../../core/result.ts';
import type { FixAnswer, Fixer, FixRequest } from '../../../ports/fixer.ts';
import type { Repository } from '../../../ports/repository.ts';

/** Takes back the commit that is suspected most; at the second attempt the one that comes next. */
export function revertCommit({ repository }: { repository: Pick<Repository, 'revert'> }): Fixer {
  return {
    name: 'revert-commit',
    fix: (request, signal) => revertSuspect(repository, request, signal),
  };
}

async function revertSuspect(
  repository: Pick<Repository, 'revert'>,
  { cause, attempt, folder, timeoutMs }: FixRequest,
  signal: AbortSignal,
): Promise<FixAnswer> {
  const suspect = cause.suspects[attempt - 1];
  if (suspect === undefined) {
    const because = `the cause has ${count(cause.suspects.length)}, and this is attempt ${attempt}`;
    return { outcome: 'no-op', because, title: `No commit left to revert for ${cause.title}` };
  }
  const limit = AbortSignal.timeout(timeoutMs);
  const title = `Revert "${suspect.title}"`;
  const reverted = await repository.revert(folder, suspect.commit, AbortSignal.any([signal, limit]));
  if (reverted.ok) return { outcome: 'fixed', because: `reverted ${suspect.commit}`, title };
  const timedOut = limit.aborted && !signal.aborted;
  return {
    outcome: timedOut ? 'timeout' : outcomeOf(reverted.failure),
    because: `${suspect.commit} was not reverted: ${timedOut ? `not done within ${timeoutMs} ms` : reverted.failure.message}`,
    title,
  };
}

function outcomeOf(failure: Failure): FixAnswer['outcome'] {
  if (failure.code === 'conflict') return 'blocked';
  return failure.code === 'timeout' ? 'timeout' : 'agent-error';
}

function count(suspects: number): string {
  return suspects === 1 ? '1 suspect' : `${suspects} suspects`;
}
