import type { StageParts } from '../parts.ts';

export type ControllingParts = Pick<
  StageParts,
  | 'environment'
  | 'pipeline'
  | 'selection'
  | 'deployer'
  | 'repository'
  | 'tester'
  | 'logs'
  | 'path'
  | 'version'
  | 'sleep'
>;
