import type { Health } from './record.ts';
import type { Role } from './words.ts';

type Rows = readonly Health[];

/** Rows of what a service itself answered; a dependency that it tells of is not its fault alone. */
export function ownHealth(rows: Rows, service: string, role: Role): Health[] {
  return rows.filter((one) => one.service === service && one.dependency === null && one.role === role);
}

/** Whether what the suites would talk to is down: the candidate where there is one. */
export function isServiceDown(rows: Rows, service: string): boolean {
  return isDown(rows.filter((one) => one.service === service && one.dependency === null));
}

/** The same for a dependency, told by the service that suites would meet, or asked by itself; of which nobody tells is not up. */
export function isDependencyDown(rows: Rows, dependency: string): boolean {
  const of = rows.filter((one) => one.dependency === dependency);
  return of.length === 0 || isDown(of);
}

function isDown(rows: Rows): boolean {
  const role = rows.some((one) => one.role === 'candidate') ? 'candidate' : 'stable';
  return rows.some((one) => one.role === role && !one.ok);
}

/** Rows about the same thing on the reference: asked there, and all of it healthy. */
export function isReferenceHealthy(
  rows: Rows,
  { service, dependency }: Pick<Health, 'service' | 'dependency'>,
): boolean {
  const reference = rows.filter(
    (one) => one.service === service && one.dependency === dependency && one.role === 'stable',
  );
  return reference.length > 0 && reference.every((one) => one.ok);
}
