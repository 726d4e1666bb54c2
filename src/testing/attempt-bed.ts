import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { EnvironmentConfig } from '../config/environment.ts';
import { SuiteConfig } from '../config/pipeline.ts';
import { fail } from '../core/result.ts';
import type { Deployer } from '../ports/deployer.ts';
import { processTester } from '../providers/process/tester.ts';
import { runSuite, type SuiteAttempt } from '../stages/suite-attempt.ts';
import { endOf, type SmallRun } from './small-run.ts';

const environment = EnvironmentConfig.parse({
  environment: 'local',
  project: 'demo',
  region: 'local',
  repository: { owner: 'demo', name: 'chat' },
  services: { api: { cloudRun: 'api', path: 'api' } },
});

const parts = {
  environment,
  // No service is private: nothing is asked of the platform.
  deployer: {} as Deployer,
  tester: processTester(),
  idTokens: { mint: async () => fail('permission', 'no token here') },
  path: `${dirname(process.execPath)}:/usr/bin:/bin`,
  version: '1.0.0',
  sleep: async (ms: number, signal: AbortSignal) => void (await wait(ms, undefined, { signal }).catch(() => {})),
};

export interface EndedAttempt {
  /** In the journal. */
  readonly key: string;
  readonly attempt: SuiteAttempt;
  readonly suite: SuiteConfig;
  /** The attempt's artefact. */
  readonly facts: Record<string, unknown>;
  readonly console: string;
}

/** Node's own runner with its console on stdout and a report, as suites run it. */
export const nodeTest = [
  ...['node', '--test', '--test-reporter=spec', '--test-reporter-destination=stdout'],
  ...['--test-reporter=junit', '--test-reporter-destination=$LOOP_REPORT/junit.xml'],
];

/** Files of the repository that suites run in: `<run folder>/repository`. */
export function writeRepository(run: SmallRun, files: Readonly<Record<string, string>>): string {
  const folder = join(run.folder, 'repository');
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

/** Runs a suite as a stage does, once for each list of tests; null runs it whole. */
export async function runAttempts(
  run: SmallRun,
  given: Record<string, unknown>,
  lists: readonly (readonly string[] | null)[],
): Promise<EndedAttempt[]> {
  const suite = SuiteConfig.parse({ service: 'api', report: { path: '*.xml' }, ...given });
  const ended: EndedAttempt[] = [];
  run.stages.testing = async (stage) => {
    for (const [n, tests] of lists.entries()) {
      const request = {
        key: `${stage.key}/${n}`,
        name: 'chat',
        suite,
        urls: {},
        cwd: join(run.folder, 'repository'),
        tests,
      };
      const attempt = await runSuite(request, parts, stage);
      const text = async (index: number) => {
        const one = await stage.evidence(attempt.evidence[index] ?? '');
        return Buffer.from(await stage.artifacts.read(one?.path ?? '')).toString('utf8');
      };
      ended.push({ key: request.key, attempt, suite, facts: JSON.parse(await text(0)), console: await text(1) });
    }
    return endOf('testing');
  };
  await run.drive();
  return ended;
}
