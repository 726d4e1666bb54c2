import type { Excuse } from '../core/excused-tests.ts';
import type { PipelineConfig } from './pipeline.ts';

/** What the pipeline says about single tests of a suite. */
export function excusesOf(suite: string, pipeline: Pick<PipelineConfig, 'quarantine' | 'known'>): Excuse[] {
  const of = (as: Excuse['as'], entries: readonly Omit<Excuse & { suite: string }, 'as'>[]) =>
    entries
      .filter((entry) => entry.suite === suite)
      .map(({ test, owner, issue, until }) => ({ test, as, owner, issue, until }));
  return [...of('quarantine', pipeline.quarantine), ...of('known', pipeline.known)];
}
