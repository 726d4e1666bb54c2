import type { Cause, Fix } from '../core/record.ts';
import type { StageRun } from '../ports/stage.ts';

/** The cause that this stage works on; the machine only comes here with one. */
export function currentCause(run: StageRun): Cause {
  const cause = run.record.causes.find((one) => one.fingerprint === run.task.cause);
  if (!cause) throw new Error(`stage ${run.task.stage} was entered without a cause`);
  return cause;
}

/** The newest fix of the cause in this run. */
export function currentFix(run: StageRun): Fix | null {
  return run.record.fixes.findLast((one) => one.cause === run.task.cause) ?? null;
}

export function withFix(run: StageRun, fix: Fix): Fix[] {
  return run.record.fixes.map((one) => (one.cause === fix.cause && one.attempt === fix.attempt ? fix : one));
}
