import type { EnvironmentConfig } from '../config/environment.ts';
import type { Selection } from '../config/focus.ts';
import type { PipelineConfig } from '../config/pipeline.ts';
import type { LoopOptions } from '../core/loop-context.ts';
import type { Builder } from '../ports/builder.ts';
import type { Deployer } from '../ports/deployer.ts';
import type { Fixer } from '../ports/fixer.ts';
import type { Forge } from '../ports/forge.ts';
import type { HealthProbe } from '../ports/health.ts';
import type { IdTokens } from '../ports/id-tokens.ts';
import type { Logs } from '../ports/logs.ts';
import type { Repository } from '../ports/repository.ts';
import type { Tester } from '../ports/tester.ts';

/** Everything that stages are made of. Each stage's factory names the few parts that it asks for. */
export interface StageParts {
  readonly environment: EnvironmentConfig;
  readonly pipeline: PipelineConfig;
  readonly selection: Selection;
  readonly options: LoopOptions;
  /** `--ref`, else null for the base branch. */
  readonly ref: string | null;
  /** The reason of `--override`, as it was typed: redacted wherever it is told. Null without one. */
  readonly override: string | null;
  readonly deployer: Deployer;
  readonly builder: Builder;
  readonly health: HealthProbe;
  readonly idTokens: IdTokens;
  readonly tester: Tester;
  readonly logs: Logs;
  readonly repository: Repository;
  readonly forge: Forge;
  readonly fixers: readonly Fixer[];
  /** Where `{ env: NAME }` values come from. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Folders on PATH for commands that stages run. */
  readonly path: string;
  readonly version: string;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}
