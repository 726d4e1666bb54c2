import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** How a suite is run, in the words of a pipeline, and which of the reports that it writes is read. */
export interface HonestSuite {
  readonly run: readonly string[] | string;
  readonly shell?: true;
  readonly report: string;
}

const program = (...path: string[]) => ['node', resolve('node_modules', ...path)];
const node = ['node', '--test', '--test-reporter=spec', '--test-reporter-destination=stdout'];
const nodeReport = (name: string, file: string) => [
  `--test-reporter=${name}`,
  `--test-reporter-destination=$LOOP_REPORT/${file}`,
  'e2e/login-bypass.test.js',
];
const vitest = (name: string) => [
  ...program('vitest', 'vitest.mjs'),
  ...['run', '--globals', '--reporter=default', `--reporter=${name}`],
  ...[`--outputFile.${name}=$LOOP_REPORT/tests`, 'e2e/auth-bypass.spec.js'],
];
const jestConfig = { testMatch: ['**/*.jest.js'], transform: {}, watchman: false };
const mocha = (name: string) => [
  ...program('mocha', 'bin', 'mocha.js'),
  ...[`--reporter=${name}`, '--reporter-option', 'output=$LOOP_REPORT/tests', 'e2e/mock-server.mocha.js'],
];
const playwright = [...program('@playwright', 'test', 'cli.js'), 'test', '--config=e2e/playwright.config.js'];

/** A pytest of this machine, by its interpreter: suites have a home of their own, where version managers find nothing. */
const python = pytestInterpreter();
const pytest = ['-m', 'pytest', '-p', 'no:cacheprovider'];

/** Honest suites by the runner and its report. */
export const honestSuites: Readonly<Record<string, HonestSuite>> = {
  'node-junit': { run: [...node, ...nodeReport('junit', 'tests')], report: 'tests' },
  'node-tap': { run: [...node, ...nodeReport('tap', 'tests')], report: 'tests' },
  'vitest-junit': { run: vitest('junit'), report: 'tests' },
  'vitest-json': { run: vitest('json'), report: 'tests' },
  'jest-json': {
    run: [
      ...['node', '--experimental-vm-modules', resolve('node_modules', 'jest', 'bin', 'jest.js')],
      ...[`--config=${JSON.stringify(jestConfig)}`, '--cacheDirectory=$LOOP_REPORT/cache'],
      ...['--verbose', '--json', '--outputFile=$LOOP_REPORT/tests'],
    ],
    report: 'tests',
  },
  'mocha-json': { run: mocha('json'), report: 'tests' },
  'mocha-xunit': { run: mocha('xunit'), report: 'tests' },
  'playwright-json': { run: playwright, report: 'playwright.json' },
  'playwright-junit': { run: playwright, report: 'playwright.xml' },
  ...(python === null
    ? {}
    : {
        'pytest-junit': {
          run: [python, ...pytest, '--junitxml=$LOOP_REPORT/tests', 'e2e/test_service.py'],
          report: 'tests',
        },
        'pytest-console': {
          run: `${python} ${pytest.join(' ')} -v -rA e2e/test_service.py > $LOOP_REPORT/tests`,
          shell: true,
          report: 'tests',
        },
      }),
};

function pytestInterpreter(): string | null {
  try {
    const found = execFileSync('python3', ['-c', 'import sys, pytest; print(sys.executable)'], { stdio: 'pipe' });
    return found.toString('utf8').trim();
  } catch {
    return null;
  }
}
