import { join } from 'node:path';
import { z } from 'zod';
import type { EnvironmentConfig } from '../config/environment.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import { type EmulatorInfo, ensureEmulator } from '../emulator/client.ts';
import { askControl } from '../emulator/read-emulator.ts';
import { writeTokenFile } from '../emulator/token-file.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** Where this loop runs: its project and its own program. */
export interface Project {
  /** Absolute. */
  readonly folder: string;
  readonly env: Variables;
  /** loop's own bin, which serves as the emulator too. */
  readonly program: string;
}

/** How an environment is reached. */
export interface Place {
  readonly google: { readonly run?: string; readonly logging?: string; readonly iam?: string };
  readonly googleToken: string | null;
  readonly github: { readonly api: string | null; readonly git: string; readonly token: string };
  /** Where `{ env: NAME }` values come from. */
  readonly variables: Variables;
  /** Null for a real environment. */
  readonly embedded: { readonly stateFolder: string; readonly info: EmulatorInfo } | null;
}

/** Starts the embedded environment where the config asks for it; a real one needs a token only. */
export async function findPlace(
  { endpoints }: Pick<EnvironmentConfig, 'endpoints'>,
  project: Project,
  signal: AbortSignal,
): Promise<Result<Place>> {
  return endpoints === 'emulator' ? embeddedPlace(project, signal) : realPlace(endpoints, project.env);
}

type RealEndpoints = Exclude<EnvironmentConfig['endpoints'], 'emulator'>;

function realPlace({ github, run, logging, iam }: RealEndpoints, env: Variables): Result<Place> {
  const token = env.GITHUB_TOKEN;
  if (!token) return fail('config', 'GITHUB_TOKEN is not set', 'give a token for the repository');
  return succeed({
    google: { ...(run && { run }), ...(logging && { logging }), ...(iam && { iam }) },
    googleToken: null,
    github: { api: github ?? null, git: github === undefined ? 'https://github.com' : new URL(github).origin, token },
    variables: env,
    embedded: null,
  });
}

async function embeddedPlace(project: Project, signal: AbortSignal): Promise<Result<Place>> {
  const stateFolder = join(project.folder, '.loop', 'emulator');
  const { PATH = '' } = project.env;
  const emulator = await ensureEmulator({
    stateFolder,
    command: [process.execPath, project.program, 'emulate', '--serve'],
    env: { PATH, LANG: 'C.UTF-8', TZ: 'UTC' },
    signal,
  });
  if (!emulator.ok) return emulator;
  const info = emulator.value;
  await writeTokenFile(stateFolder, info.token);
  const secrets = Secrets.safeParse((await askControl(info, 'GET', '/secrets', signal))?.body);
  if (!secrets.success) {
    return fail('unavailable', 'the emulator does not tell its secrets', 'run loop emulate --stop, then this again');
  }
  return succeed({
    google: { run: info.urls.run, logging: info.urls.logging, iam: info.urls.run },
    googleToken: info.token,
    github: { api: info.urls.github, git: info.urls.github, token: info.token },
    variables: { ...secrets.data, ...project.env },
    embedded: { stateFolder, info },
  });
}

const Secrets = z.record(z.string(), z.string());
