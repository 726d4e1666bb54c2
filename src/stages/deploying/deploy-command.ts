import { delimiter } from 'node:path';
import type { PipelineConfig } from '../../config/pipeline.ts';
import { withNames } from '../suite-command.ts';

type CommandConfig = Pick<NonNullable<PipelineConfig['deploy']['command']>, 'run' | 'pass'>;

export interface DeployNames {
  readonly service: string;
  readonly cloudRun: string;
  readonly project: string;
  readonly region: string;
  readonly commit: string;
  /** The service's folder in the repository. */
  readonly path: string;
  /** Null where the service's config asks for no tag: the command may move traffic then. */
  readonly tag: string | null;
  /** The image that the team's build pushed for this commit; null where the config names none. */
  readonly image: string | null;
  /** For the label `loop-step`, by which a repeated run finds what this one made. */
  readonly stepKey: string;
  readonly run: string;
}

/**
 * The command that deploys one service. `$LOOP_*` names are replaced inside single words, which are never split again; they are
 * environment too. Unlike suites, deployers get the user's own HOME: that is where their credentials are. Of all other variables
 * only those that `pass` names come through.
 */
export function deployCommand(request: {
  config: CommandConfig;
  names: DeployNames;
  /** Folders on PATH. */
  path: string;
  variables: Readonly<Record<string, string | undefined>>;
}): { argv: string[]; env: Record<string, string> } {
  const { config, variables } = request;
  const given = namesOf(request.names);
  const passed = ['HOME', ...config.pass].flatMap((name) => {
    const value = variables[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const path = request.path.split(delimiter).filter(Boolean).join(delimiter);
  const env = { ...Object.fromEntries(passed), LANG: 'C.UTF-8', TZ: 'UTC', PATH: path, ...given };
  return { argv: config.run.map((word) => withNames(word, given)), env };
}

function namesOf(names: DeployNames): Record<string, string> {
  return {
    LOOP_SERVICE: names.service,
    LOOP_CLOUD_RUN_SERVICE: names.cloudRun,
    LOOP_PROJECT: names.project,
    LOOP_REGION: names.region,
    LOOP_COMMIT: names.commit,
    LOOP_PATH: names.path,
    LOOP_STEP_KEY: names.stepKey,
    LOOP_RUN_ID: names.run,
    ...(names.tag === null ? {} : { LOOP_TAG: names.tag }),
    ...(names.image === null ? {} : { LOOP_IMAGE: names.image }),
  };
}
