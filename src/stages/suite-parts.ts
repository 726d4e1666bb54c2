import type { StageParts } from './parts.ts';

/** What a stage that runs suites against revisions asks for. */
export type SuiteParts = Pick<
  StageParts,
  | 'environment'
  | 'pipeline'
  | 'selection'
  | 'deployer'
  | 'idTokens'
  | 'repository'
  | 'tester'
  | 'logs'
  | 'path'
  | 'version'
  | 'sleep'
>;
