import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { EnvironmentConfig } from '../config/environment.ts';
import { configHash, resolveServiceEnv } from '../config/service-env.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import { type SeedService, seedEnvironment } from '../emulator/seed.ts';
import type { RunGit } from '../emulator/seed-history.ts';
import { runProgram } from '../providers/index.ts';
import { inOrderOfNeeds } from '../stages/scope.ts';
import type { Place, Project, Variables } from './place.ts';
import { seedDependencies, type Tools } from './tools.ts';

const gitMsMax = 60_000;
const gitOutputBytesMax = 1024 * 1024;

/** Fills a new embedded environment; does nothing for a filled one, for a real one, or where the config names no seed. */
export async function seedPlace(
  environment: EnvironmentConfig,
  parts: { project: Project; place: Place; tools: Tools; say: (line: string) => void },
  signal: AbortSignal,
): Promise<Result<null>> {
  const { project, place, tools, say } = parts;
  const { seed, owner, name, base } = environment.repository;
  const dependencies = seedDependencies(environment, project);
  if (place.embedded === null || seed === undefined || dependencies === null) return succeed(null);
  if (!(await isThere(resolve(project.folder, seed)))) {
    return fail('config', `the folder ${seed} is not there`, 'check repository.seed in the config');
  }
  if (!(await isThere(dependencies))) {
    return fail('config', `${seed}/node_modules is not there`, `run npm ci in ${seed}`);
  }
  return seedEnvironment(
    {
      github: { url: place.github.git, token: place.github.token },
      repository: { owner, name, base },
      exampleFolder: resolve(project.folder, seed),
      services: seedServices(environment, place.variables),
      deployer: tools.deployer,
      builder: tools.builder,
      clone: tools.repository,
      git: gitWith(project.env, signal),
      onBegin: () => say('preparing the embedded environment (once)…'),
    },
    signal,
  );
}

function seedServices({ services }: EnvironmentConfig, env: Variables): SeedService[] {
  const ordered = inOrderOfNeeds(Object.keys(services), services).flat();
  return ordered.flatMap((name) => {
    const config = services[name];
    if (config === undefined) return [];
    const settings: SeedService['settings'] = (known) => {
      const urls = Object.entries(services).flatMap(([other, { cloudRun }]) => {
        const url = known.get(cloudRun);
        return url === undefined ? [] : [[other, url] as const];
      });
      const resolved = resolveServiceEnv(config, { urls: Object.fromEntries(urls), env });
      return resolved.ok ? succeed({ env: resolved.value, hash: configHash(config, resolved.value) }) : resolved;
    };
    return [{ name: config.cloudRun, path: config.path, command: config.command, settings }];
  });
}

/** git for the seed: what it cannot do here is a bug of ours or a broken machine, and thrown. */
function gitWith({ PATH = '' }: Variables, signal: AbortSignal): RunGit {
  return async (args, env) => {
    const limits = { timeoutMs: gitMsMax, graceMs: 1_000, outputBytesMax: gitOutputBytesMax };
    const options = { cwd: '/', env: { PATH, HOME: '/nonexistent', LANG: 'C.UTF-8', ...env }, ...limits };
    const end = await runProgram(['git', ...args], options, signal);
    if (end.how === 'exited' && end.exitCode === 0) return end.output.read('stdout').toString('utf8');
    const said = end.message ?? end.output.read('stderr').toString('utf8').trim();
    throw new Error(`git ${args.join(' ')} failed: ${said}`);
  };
}

async function isThere(folder: string): Promise<boolean> {
  return access(folder).then(
    () => true,
    () => false,
  );
}
