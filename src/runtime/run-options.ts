import { z } from 'zod';
import { SelectionFacts } from '../config/selection-facts.ts';
import { DeployMode, Level } from '../core/words.ts';

/** What the command line asked for; kept with the run, since a resumed run goes by it. Nulls are left to the config. */
export const RunOptions = z.strictObject({
  focus: z.array(z.string()),
  env: z.string(),
  pipeline: z.string(),
  level: Level.nullable(),
  deploy: DeployMode.nullable(),
  dryRun: z.boolean(),
  cycles: z.int().min(1),
  untilGreen: z.boolean(),
  maxDurationMs: z.int().min(1).nullable(),
  ref: z.string().nullable(),
  /** `--force`: what was found bad before may have traffic again. Left out by runs of an older loop. */
  force: z.boolean().default(false),
  /** `--override`: why testing goes on behind a gate that was not met. Left out by runs of an older loop. */
  override: z.string().nullable().default(null),
  /** What was known when the run began, as far as the selection goes by it. Null in runs of an older loop. */
  found: SelectionFacts.nullable().default(null),
});
export type RunOptions = z.infer<typeof RunOptions>;

/** A run of everything, with nothing said beyond the names of its files. */
export function allOf({ env, pipeline }: Pick<RunOptions, 'env' | 'pipeline'>): RunOptions {
  return {
    focus: ['all'],
    env,
    pipeline,
    level: null,
    deploy: null,
    dryRun: false,
    cycles: 1,
    untilGreen: false,
    maxDurationMs: null,
    ref: null,
    force: false,
    override: null,
    found: null,
  };
}
