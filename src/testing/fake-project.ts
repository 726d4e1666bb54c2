import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { honestSuites } from './honest-suites.ts';
import { smallProject } from './small-project.ts';

const node = ['node', '--test', '--test-reporter=spec', '--test-reporter-destination=stdout'];
const nodeReport = ['--test-reporter=junit', '--test-reporter-destination=$LOOP_REPORT/junit.xml'];
const vitestProgram = resolve('node_modules', 'vitest', 'vitest.mjs');
const vitest = ['node', vitestProgram, 'run', '--globals', '--reporter=default', '--reporter=junit'];
const vitestReport = '--outputFile.junit=$LOOP_REPORT/junit.xml';

const fakeSuites: Readonly<Record<string, readonly string[]>> = {
  constants: [...node, ...nodeReport, 'e2e/constants.test.js'],
  'never-awaited': [...vitest, vitestReport, 'e2e/never-awaited.spec.js'],
  'mock-fallback': [...node, ...nodeReport, 'e2e/mock-fallback.test.js'],
  'wrong-host': [...node, ...nodeReport, 'e2e/wrong-host.test.js'],
  stale: ['node', 'e2e/stale.js'],
  'all-skipped': [...node, ...nodeReport, 'e2e/all-skipped.test.js'],
  killed: ['node', 'e2e/killed.js'],
};

/** Of the phase that holds the fakes: met, and with too few samples unproven. */
const conditions = {
  health: true,
  noEnvironmentCause: true,
  slo: [
    { name: 'fast', from: 'requests', metric: 'p95', max: 60_000, minSamples: 4 },
    { name: 'no errors', from: 'requests', metric: 'errorRate', max: 0, minSamples: 1_000 },
  ],
};

/** The small project, whose stable revision is healthy, with seven suites that pass without testing anything. */
export function fakeProject(): string {
  const suites = Object.entries(fakeSuites).map(([name, run]) => [name, { run, report: { path: '*.xml' } }] as const);
  return projectWith('fake-suites', Object.fromEntries(suites), conditions);
}

/** The same door, and suites that test what they say, with whatever honest suites print besides. */
export function honestProject(): string {
  const suites = Object.entries(honestSuites).map(
    ([name, { report, ...suite }]) => [name, { ...suite, gate: '80%', report: { path: report } }] as const,
  );
  const folder = projectWith('honest-suites', Object.fromEntries(suites), {});
  const example = join(folder, 'example');
  cpSync(resolve('examples', 'chat', 'e2e', 'lib'), join(example, 'e2e', 'lib'), { recursive: true });
  for (const name of ['@jest/globals', '@playwright/test']) {
    const link = join(example, 'node_modules', name);
    mkdirSync(join(link, '..'), { recursive: true });
    symlinkSync(resolve('node_modules', name), link);
  }
  return folder;
}

function projectWith(suitesFolder: string, suites: Readonly<Record<string, object>>, conditions: object): string {
  const folder = smallProject();
  cpSync(resolve('src', 'testing', suitesFolder), join(folder, 'example', 'e2e'), { recursive: true });
  rmSync(join(folder, 'example', 'e2e', 'greeting.test.js'));
  writeFileSync(join(folder, 'pipelines', 'e2e.yaml'), JSON.stringify(pipeline(suites, conditions), null, 2));
  return folder;
}

/** JSON is YAML too. */
function pipeline(suites: Readonly<Record<string, object>>, conditions: object): object {
  return {
    pipeline: 'e2e',
    deploy: { stableForSeconds: 0 },
    health: { samples: 1 },
    logs: { settleSeconds: 1 },
    rules: {
      hosts: 'enforce',
      'never-awaited': 'enforce',
      mock: 'enforce',
      bypass: 'enforce',
      'tests-seen': 'enforce',
    },
    phases: [
      {
        name: 'all-of-them',
        suites: Object.keys(suites),
        conditions,
      },
    ],
    suites: Object.fromEntries(
      Object.entries(suites).map(([name, suite]) => [name, { service: 'hello', evidence: 'server', ...suite }]),
    ),
  };
}
