import type { StageParts } from '../parts.ts';

export type DiagnosingParts = Pick<StageParts, 'environment' | 'pipeline' | 'repository'>;
