import { join } from 'node:path';
import type { EnvironmentConfig } from '../config/environment.ts';
import { type Selection, selectSuites } from '../config/focus.ts';
import { loadEnvironment, loadPipeline } from '../config/load.ts';
import { formatProblems } from '../config/messages.ts';
import type { PipelineConfig } from '../config/pipeline.ts';
import { sha256 } from '../core/canonical-json.ts';
import type { LoopOptions } from '../core/loop-context.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { RunOptions } from './run-options.ts';

/** What a run is about, read from the configuration as it is now. */
export interface RunPlan {
  readonly environment: EnvironmentConfig;
  readonly pipeline: PipelineConfig;
  readonly selection: Selection;
  readonly options: LoopOptions;
  readonly ref: string | null;
  /** The reason that a person gave for `--override`. */
  readonly override: string | null;
  /** Working time, in milliseconds. */
  readonly budgetMs: number;
}

/** Reads both files and the focus. With the run's start, what expired before it is a problem. Fails with `config`, all problems formatted with their places, or `usage`. */
export async function loadPlan(
  asked: RunOptions,
  from: { folder: string; env: Readonly<Record<string, string | undefined>>; startedAt?: string },
): Promise<Result<RunPlan>> {
  const environment = await loadEnvironment({
    folder: join(from.folder, 'config'),
    name: asked.env,
    env: from.env,
    ...(asked.level === null ? {} : { flags: { '--level': { path: 'level', text: asked.level } } }),
  });
  if (!environment.ok) return fail('config', formatProblems(environment.problems));
  const pipeline = await loadPipeline({
    folder: join(from.folder, 'pipelines'),
    name: asked.pipeline,
    environment: environment.value,
    ...(from.startedAt === undefined ? {} : { today: from.startedAt.slice(0, 10) }),
  });
  if (!pipeline.ok) return fail('config', formatProblems(pipeline.problems));
  const selection = selectSuites({ focus: asked.focus, pipeline: pipeline.value });
  if (!selection.ok) return selection;
  return succeed({
    environment: environment.value,
    pipeline: pipeline.value,
    selection: selection.value,
    options: loopOptions(asked, environment.value, pipeline.value, selection.value),
    ref: asked.ref,
    override: asked.override,
    budgetMs: asked.maxDurationMs ?? environment.value.limits.minutes * 60_000,
  });
}

function loopOptions(
  asked: RunOptions,
  environment: EnvironmentConfig,
  pipeline: PipelineConfig,
  selection: Selection,
): LoopOptions {
  return {
    dryRun: asked.dryRun,
    level: environment.level,
    deploy: asked.deploy ?? (pipeline.deploy.how === 'none' ? 'never' : 'auto'),
    allSelected: !selection.partial,
    cycles: asked.cycles,
    untilGreen: asked.untilGreen,
    approve: pipeline.approve,
    servesUnproven: servesUnproven(environment, pipeline),
    force: asked.force,
    override: asked.override !== null,
  };
}

/** Where the candidate has no tag, or a command of the user's decides about traffic, one may serve before it is tested. */
function servesUnproven(environment: EnvironmentConfig, pipeline: PipelineConfig): boolean {
  return (
    pipeline.deploy.how === 'command' ||
    Object.values(environment.services).some((service) => service.candidate === 'traffic')
  );
}

/** As the run's first stage stores it: tells a resumed run whether its configuration is still the same. */
export function configSha256({ environment, pipeline }: Pick<RunPlan, 'environment' | 'pipeline'>): string {
  return sha256(JSON.stringify({ environment, pipeline }, null, 2));
}
