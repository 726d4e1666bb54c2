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

interface PlanPlace {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** With the run's start, what expired before it is a problem. */
  readonly startedAt?: string;
}

/** Reads both files and the focus. Fails with `config`, all problems formatted with their places, or `usage`. */
export async function loadPlan(asked: RunOptions, from: PlanPlace): Promise<Result<RunPlan>> {
  const config = await loadConfig(asked, from);
  return config.ok ? planOf(asked, config.value) : config;
}

/** Both files. Fails with `config`, all problems formatted with their places. */
export async function loadConfig(
  asked: Pick<RunOptions, 'env' | 'level' | 'pipeline'>,
  from: PlanPlace,
): Promise<Result<Pick<RunPlan, 'environment' | 'pipeline'>>> {
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
  return succeed({ environment: environment.value, pipeline: pipeline.value });
}

/** The plan by what was known when the run began. Fails with `usage` where the focus selects nothing. */
export function planOf(
  asked: RunOptions,
  { environment, pipeline }: Pick<RunPlan, 'environment' | 'pipeline'>,
): Result<RunPlan> {
  const selection = selectSuites({ focus: asked.focus, pipeline, found: asked.found ?? undefined });
  if (!selection.ok) return selection;
  return succeed({
    environment,
    pipeline,
    selection: selection.value,
    options: loopOptions(asked, environment, pipeline, selection.value),
    ref: asked.ref,
    override: asked.override,
    budgetMs: asked.maxDurationMs ?? environment.limits.minutes * 60_000,
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
