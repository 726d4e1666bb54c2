import type { StageParts } from '../parts.ts';

export type PublishingParts = Pick<StageParts, 'environment' | 'pipeline' | 'forge' | 'repository' | 'options'>;
