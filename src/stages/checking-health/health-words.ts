import { counted } from '../../core/count-words.ts';
import type { Health } from '../../core/record.ts';
import type { StageRun } from '../../ports/stage.ts';

/** The stage in one sentence: how much is healthy, or what is down and why. */
export function healthSentence(health: readonly Health[], down: readonly string[]): string {
  if (down.length > 0) return `${down.join(', ')} not healthy: ${sickest(health)?.because}`;
  const endpoints = health.filter((one) => one.dependency === null && one.ok).length;
  const dependencies = new Set(health.flatMap((one) => one.dependency ?? [])).size;
  const also = dependencies === 0 ? '' : `; ${counted(dependencies, 'dependency', 'dependencies')} up`;
  return `${counted(endpoints, 'endpoint')} answered and ${endpoints === 1 ? 'is' : 'are'} healthy${also}`;
}

/** Of many failures the one to read first: a dependency explains the services that need it. */
function sickest(health: readonly Health[]): Health | undefined {
  const sick = health.filter((one) => !one.ok);
  return sick.find((one) => one.dependency !== null) ?? sick[0];
}

/** One line a service with its slowest endpoint, and every failure in full. */
export function tellEach(health: readonly Health[], run: Pick<StageRun, 'note'>): void {
  const sides = new Set(health.filter((one) => one.dependency === null).map((one) => `${one.service} (${one.role})`));
  for (const side of sides) {
    const rows = health.filter((one) => one.dependency === null && `${one.service} (${one.role})` === side);
    run.note(`${side}: ${sideWords(rows)}`);
  }
  for (const one of health.filter((row) => !row.ok)) run.note(`${nameOf(one)} is not healthy: ${one.because}`);
}

function sideWords(rows: readonly Health[]): string {
  const healthy = rows.filter((one) => one.ok).length;
  const slowest = rows
    .flatMap(({ latencyMs, target }) => (latencyMs === null ? [] : [{ ...latencyMs, target }]))
    .toSorted((left, right) => right.p95 - left.p95)[0];
  const speed = slowest ? `, slowest ${slowest.target} p95 ${Math.round(slowest.p95)} ms (n ${slowest.n})` : '';
  return `${healthy} of ${counted(rows.length, 'endpoint')} healthy${speed}`;
}

function nameOf({ dependency, service, role, target }: Health): string {
  if (dependency === null) return `${service} (${role}) ${target}`;
  return dependency === service ? `${dependency} (${target})` : `${dependency}, told by ${service} (${role}),`;
}
