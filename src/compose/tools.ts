import { delimiter, dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { EnvironmentConfig } from '../config/environment.ts';
import type { PipelineConfig } from '../config/pipeline.ts';
import type { GrowingRedactor } from '../core/growing-redactor.ts';
import { callerName } from '../core/user-agent.ts';
import type { Fixer } from '../ports/fixer.ts';
import type { Repository } from '../ports/repository.ts';
import type { SuiteCommand, Tester } from '../ports/tester.ts';
import {
  cloudLogging,
  cloudRunDeployer,
  commandFixer,
  githubForge,
  gitRepository,
  googleClients,
  googleIdTokens,
  httpHealth,
  localImagesBuilder,
  pushedImagesBuilder,
  revertCommit,
  runProgram,
} from '../providers/index.ts';
import { loopVersion } from '../runtime/version.ts';
import type { Place, Project, Variables } from './place.ts';

type Tools = ReturnType<typeof makeTools>;

export type { Tools };

const identity = { name: 'loop', email: 'loop@localhost.invalid' };
const quiet = { debug: () => {}, warn: () => {}, error: () => {} };

/** The ports of one environment, for a run or for none. Nothing is connected before it is used. */
export function makeTools(
  config: { environment: EnvironmentConfig; pipeline: PipelineConfig },
  project: Project,
  place: Place,
  redactor: Pick<GrowingRedactor, 'text' | 'learn'>,
  run: string | null,
) {
  const { environment, pipeline } = config;
  const { owner, name, base } = environment.repository;
  const { github, googleToken } = place;
  const stateFolder = place.embedded?.stateFolder ?? null;
  const clients = googleClients({
    project: environment.project,
    endpoints: place.google,
    userAgent: callerName(loopVersion, run),
    ...(googleToken === null ? {} : { token: googleToken }),
  });
  const idTokens = googleIdTokens({
    project: environment.project,
    ...(place.google.iam === undefined ? {} : { endpoint: place.google.iam }),
    ...(googleToken === null ? {} : { token: googleToken }),
    onMinted: (value) => redactor.learn({ name: 'ID_TOKEN', value }),
  });
  const dependencies = seedDependencies(environment, project);
  const repository = gitRepository({
    folder: join(project.folder, '.loop', 'repo', environment.environment),
    remoteUrl: `${github.git}/${owner}/${name}.git`,
    token: github.token,
    base,
    identity,
    link: dependencies === null ? null : { name: 'node_modules', target: dependencies },
    env: project.env,
    run: runProgram,
  });
  return {
    clients,
    repository,
    builder:
      stateFolder === null
        ? pushedImagesBuilder()
        : localImagesBuilder({ stateFolder, repo: name, repository, link: dependencies }),
    deployer: cloudRunDeployer({
      clients,
      project: environment.project,
      region: environment.region,
      readyTimeoutMs: pipeline.deploy.timeoutSeconds * 1000,
      imageStore: stateFolder,
      random: Math.random,
    }),
    logs: cloudLogging({ clients, project: environment.project, redact: redactor.text }),
    idTokens,
    health: httpHealth({ idTokens }),
    forge: githubForge({
      ...(github.api === null ? {} : { baseUrl: github.api }),
      token: github.token,
      owner,
      repo: name,
      version: loopVersion,
      log: quiet,
    }),
  };
}

/** The example's one installed dependency folder, which its worktrees and images link to. */
export function seedDependencies(environment: EnvironmentConfig, project: Pick<Project, 'folder'>): string | null {
  const { seed } = environment.repository;
  return seed === undefined ? null : resolve(project.folder, seed, 'node_modules');
}

export function makeFixers(
  pipeline: PipelineConfig,
  parts: { repository: Repository; tester: Tester; path: string; onStart: SuiteCommand['onStart'] },
): Fixer[] {
  const { repository, tester, path, onStart } = parts;
  const env = { PATH: path, LANG: 'C.UTF-8', TZ: 'UTC' };
  return pipeline.fixers.map((fixer) =>
    fixer.use === 'command' ? commandFixer({ run: fixer.run, tester, env, onStart }) : revertCommit({ repository }),
  );
}

/** Node's own folder first: suites run on the Node that loop runs on. */
export function programPath({ PATH = '' }: Variables): string {
  return [dirname(process.execPath), PATH].filter(Boolean).join(delimiter);
}

/** An abort ends the pause; whoever pauses looks at the signal next. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {});
}
