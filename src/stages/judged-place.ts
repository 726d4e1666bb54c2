import { type Result, succeed } from '../core/result.ts';
import type { ServiceFacts } from '../ports/deployer.ts';
import type { StageRun } from '../ports/stage.ts';
import { readServices } from './deploy-revision.ts';
import type { StageParts } from './parts.ts';

export interface JudgedPlace {
  /** The services as the platform has them now, by their platform names. */
  readonly services: ReadonlyMap<string, ServiceFacts>;
  /** The judged commit's worktree: suites run from it against every revision. */
  readonly cwd: string;
}

export function judgedWorktree(run: StageRun): string {
  return `judged-${(run.record.run.head ?? '').slice(0, 12)}`;
}

/** What every stage that runs suites needs first. */
export async function judgedPlace(
  parts: Pick<StageParts, 'environment' | 'deployer' | 'repository'>,
  run: StageRun,
): Promise<Result<JudgedPlace>> {
  const services = await readServices(parts, run.signal);
  if (!services.ok) return services;
  const commit = run.record.run.head ?? '';
  const worktree = await parts.repository.worktree({ name: judgedWorktree(run), commit, branch: null }, run.signal);
  return worktree.ok ? succeed({ services: services.value, cwd: worktree.value }) : worktree;
}
