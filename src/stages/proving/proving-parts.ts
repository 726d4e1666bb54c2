import type { StageParts } from '../parts.ts';

export type ProvingParts = Pick<
  StageParts,
  | 'environment'
  | 'pipeline'
  | 'selection'
  | 'options'
  | 'deployer'
  | 'builder'
  | 'repository'
  | 'tester'
  | 'health'
  | 'idTokens'
  | 'logs'
  | 'variables'
  | 'path'
  | 'version'
  | 'sleep'
>;
