import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { smallProject } from './small-project.ts';

const node = ['node', '--test', '--test-reporter=spec', '--test-reporter-destination=stdout'];
const nodeReport = ['--test-reporter=junit', '--test-reporter-destination=$LOOP_REPORT/junit.xml'];
const vitestProgram = resolve('node_modules', 'vitest', 'vitest.mjs');
const vitest = ['node', vitestProgram, 'run', '--globals', '--reporter=default', '--reporter=junit'];
const vitestReport = '--outputFile.junit=$LOOP_REPORT/junit.xml';

/** A pytest of this machine, by its interpreter: suites have a home of their own, where version managers find nothing. */
const python = pytestInterpreter();

/** Whose tests are honest, and by which runner; what is not on this machine is left out, and its test says so. */
export const honestSuites: Readonly<Record<string, readonly string[]>> = {
  'honest-node': [...node, ...nodeReport, 'e2e/honest.test.js'],
  'honest-vitest': [...vitest, vitestReport, 'e2e/honest.spec.js'],
  ...(python === null
    ? {}
    : {
        'honest-pytest': [
          python,
          '-m',
          'pytest',
          '-p',
          'no:cacheprovider',
          '--junitxml=$LOOP_REPORT/junit.xml',
          'e2e/test_honest.py',
        ],
      }),
};

const fakeSuites: Readonly<Record<string, readonly string[]>> = {
  constants: [...node, ...nodeReport, 'e2e/constants.test.js'],
  'never-awaited': [...vitest, vitestReport, 'e2e/never-awaited.spec.js'],
  'mock-fallback': [...node, ...nodeReport, 'e2e/mock-fallback.test.js'],
  'wrong-host': [...node, ...nodeReport, 'e2e/wrong-host.test.js'],
  stale: ['node', 'e2e/stale.js'],
  'all-skipped': [...node, ...nodeReport, 'e2e/all-skipped.test.js'],
  killed: ['node', 'e2e/killed.js'],
};

/** The small project, whose stable revision is healthy, with seven suites that pass without testing anything and some that do test. */
export function fakeProject(): string {
  const folder = smallProject();
  const suites = { ...fakeSuites, ...honestSuites };
  cpSync(resolve('src', 'testing', 'fake-suites'), join(folder, 'example', 'e2e'), { recursive: true });
  rmSync(join(folder, 'example', 'e2e', 'greeting.test.js'));
  writeFileSync(join(folder, 'pipelines', 'e2e.yaml'), JSON.stringify(pipeline(suites), null, 2));
  return folder;
}

/** JSON is YAML too. */
function pipeline(suites: Readonly<Record<string, readonly string[]>>): object {
  const shared = { service: 'hello', report: { path: '*.xml' }, evidence: 'server' };
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
        conditions: {
          health: true,
          noEnvironmentCause: true,
          slo: [
            { name: 'fast', from: 'requests', metric: 'p95', max: 60_000, minSamples: 4 },
            { name: 'no errors', from: 'requests', metric: 'errorRate', max: 0, minSamples: 1_000 },
          ],
        },
      },
    ],
    suites: Object.fromEntries(Object.entries(suites).map(([name, run]) => [name, { ...shared, run }])),
  };
}

function pytestInterpreter(): string | null {
  try {
    const found = execFileSync('python3', ['-c', 'import sys, pytest; print(sys.executable)'], { stdio: 'pipe' });
    return found.toString('utf8').trim();
  } catch {
    return null;
  }
}
