import type { ServiceConfig } from '../../config/environment.ts';
import type { LoopOptions } from '../../core/loop-context.ts';
import { allows } from '../../core/words.ts';

/**
 * Why a service gets no candidate in this run; null when it gets one. One that would take the traffic at once is for level
 * `act` and for a run of everything only: a partial focus never moves traffic forward.
 */
export function noCandidateBecause(
  candidate: ServiceConfig['candidate'],
  options: Pick<LoopOptions, 'level' | 'allSelected'>,
): string | null {
  if (candidate === 'tag') return null;
  if (candidate === 'none') return 'its config asks for no candidate';
  if (!allows(options.level, 'act')) return `its candidate would take traffic, and level ${options.level} moves none`;
  return options.allSelected ? null : 'its candidate would take traffic, and a partial focus moves none';
}
