import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where an emulator is, as its `emulator.json` says it. */
export interface EmulatorAddress {
  readonly ports: { readonly grpc: number };
  readonly token: string;
}

const apis = [
  'RUN',
  'LOGGING',
  'SERVICEUSAGE',
  'CLOUDRESOURCEMANAGER',
  'ARTIFACTREGISTRY',
  'CLOUDBUILD',
  'IAMCREDENTIALS',
];

/**
 * The variables with which the real `gcloud` talks to the emulator, without a login and without touching the user's own
 * settings. It puts `<region>-` before the host it is given, which cannot be resolved; so the hosts are made up and the
 * emulator is its HTTP proxy. `configFolder` is a folder of the caller's, `location` the region of the services.
 */
export function gcloudEnvironment(
  { ports, token }: EmulatorAddress,
  { configFolder, project, location }: { configFolder: string; project: string; location: string },
): Record<string, string> {
  const overrides = apis.map((api) => [
    `CLOUDSDK_API_ENDPOINT_OVERRIDES_${api}`,
    `http://${api.toLowerCase()}.loop.test/`,
  ]);
  return {
    CLOUDSDK_CONFIG: configFolder,
    CLOUDSDK_CORE_PROJECT: project,
    CLOUDSDK_RUN_REGION: location,
    CLOUDSDK_AUTH_ACCESS_TOKEN: token,
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
    ...Object.fromEntries(overrides),
    http_proxy: `http://127.0.0.1:${ports.grpc}`,
  };
}

/** A folder for `CLOUDSDK_CONFIG`, and how to remove it. */
export function gcloudFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'loop-gcloud-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
