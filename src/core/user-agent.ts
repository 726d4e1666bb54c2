/**
 * What loop calls itself at Google: `loop/1.2.3 (run <id>)`, so that the audit log tells a run's own calls from everybody else's.
 * Work that is no run's (`loop emulate`) has no run in it.
 */
export function callerName(version: string, run: string | null): string {
  return run === null ? `loop/${version}` : `loop/${version} ${runMark(run)}`;
}

/** Whether a call was this run's. Clients and front ends add words of their own around it. */
export function isCallOf(run: string, userAgent: string | null): boolean {
  return userAgent?.includes(runMark(run)) ?? false;
}

function runMark(run: string): string {
  return `(run ${run})`;
}
