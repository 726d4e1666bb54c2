import type { StageParts } from '../parts.ts';

export type CommandParts = Pick<
  StageParts,
  'environment' | 'pipeline' | 'deployer' | 'tester' | 'variables' | 'path' | 'sleep'
>;

/** One service to be deployed by the pipeline's own command. */
export interface CommandRequest {
  readonly key: string;
  /** The service's name in the config, and on the platform. */
  readonly service: string;
  readonly cloudRun: string;
  readonly commit: string;
  readonly tag: string;
  /** The worktree of the commit. */
  readonly cwd: string;
}
