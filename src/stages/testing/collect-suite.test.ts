import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { EnvironmentConfig } from '../../config/environment.ts';
import { SuiteConfig } from '../../config/pipeline.ts';
import { processTester } from '../../providers/process/tester.ts';
import { endOf, SmallRun } from '../../testing/small-run.ts';
import type { SuiteParts } from '../suite-parts.ts';
import { collectSuite, type SuiteCollection } from './collect-suite.ts';

let run: SmallRun;
beforeEach(async () => {
  run = await SmallRun.create();
});
afterEach(() => run.remove());

const { services, dependencies } = EnvironmentConfig.parse({
  environment: 'local',
  project: 'demo',
  region: 'local',
  repository: { owner: 'demo', name: 'chat' },
  services: { api: { cloudRun: 'api', path: 'api' } },
});
const path = `${dirname(process.execPath)}:/usr/bin:/bin`;
const parts = {
  environment: { services, dependencies },
  tester: processTester(),
  path,
  version: '1.0.0',
} as SuiteParts;

const Stored = z.object({ tests: z.array(z.string()), stdout: z.string(), output: z.string().optional() });

async function collected(collect: object, tests: string[] | null = null) {
  const suite = SuiteConfig.parse({ service: 'api', run: ['node'], report: { path: '*.xml' }, testsMin: 3, collect });
  const ended: { end: SuiteCollection | null; again: SuiteCollection | null; stored: z.infer<typeof Stored> | null }[] =
    [];
  run.stages.testing = async (stage) => {
    const request = {
      key: `${stage.key}/rest/one`,
      name: 'one',
      suite,
      urls: { api: 'http://x' },
      cwd: run.folder,
      tests,
    };
    const end = await collectSuite(request, parts, stage);
    const again = await collectSuite(request, parts, stage);
    const evidence = await stage.evidence(end?.evidence ?? '');
    const bytes = evidence === null ? null : await stage.artifacts.read(evidence.path);
    const stored = bytes === null ? null : Stored.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    ended.push({ end, again, stored });
    return endOf('testing');
  };
  await run.drive();
  const [first] = ended;
  if (first === undefined) throw new Error('nothing was collected');
  return first;
}

const node = (program: string) => ['node', '-e', program];

test('what is printed on stdout is counted, listed and stored; the second look comes from the journal', async () => {
  const program = `console.error('ExperimentalWarning'); console.log('one\\ntwo\\n' + process.env.LOOP_URL_API + ' ' + process.pid)`;
  const { end, again, stored } = await collected({ run: node(program) });
  expect(end).toEqual({ count: 3, problem: null, evidence: 'E1' });
  expect(again).toEqual(end);
  expect(stored?.tests).toEqual(['one', 'two', expect.stringMatching(/^http:\/\/x \d+$/)]);
});

test.each<[string, object, string]>([
  [
    'an exit code',
    { run: node("console.log('a'); console.error('no such file'); process.exit(2)") },
    'collection failed: exit code 2: no such file',
  ],
  ['nothing', { run: node('') }, 'nothing was collected: it printed no line'],
  ['no such program', { run: ['no-such-program'] }, 'collection failed: no such program: no-such-program'],
  ['killed from outside', { run: node('process.kill(process.pid, "SIGKILL")') }, 'collection failed: ended by SIGKILL'],
  [
    'it never ends',
    { run: node('setInterval(() => {}, 1000)'), timeoutSeconds: 1 },
    'collection failed: stopped after its time limit of 1 s',
  ],
  [
    'binary data',
    { run: node('process.stdout.write(Buffer.alloc(1000))') },
    'collection failed: it printed binary data',
  ],
  [
    'far too much',
    {
      run: node(
        "const block = 'test\\n'.repeat(200_000); for (let n = 0; n < 1_000; n += 1) require('node:fs').writeSync(1, block)",
      ),
      timeoutSeconds: 30,
    },
    'collection failed: it printed more than 8 MiB',
  ],
])('no count: %s', async (_story, collect, problem) => {
  const { end, stored } = await collected(collect);
  expect(end).toEqual({ count: null, problem: expect.stringContaining(problem), evidence: 'E1' });
  expect(stored?.tests).toEqual([]);
  expect(stored?.output).toBeDefined();
});

test('a suite that is narrowed is not collected: the count of all is no denominator of some', async () => {
  expect((await collected({ run: node("console.log('one')") }, ['one'])).end).toBeNull();
});

const python = pytestInterpreter();
test.skipIf(python === null)('pytest lists its tests', async () => {
  writeFileSync(
    join(run.folder, 'test_many.py'),
    'import pytest\n@pytest.mark.parametrize("n", range(215))\ndef test_one(n):\n    assert n\n',
  );
  const collect = ['-m', 'pytest', '-p', 'no:cacheprovider', '--collect-only', '-q', 'test_many.py'];
  const lines = await collected({ run: [python, ...collect], match: '^(.+::.+)$' });
  expect(lines.end?.count).toBe(215);
  expect(lines.stored?.tests[214]).toBe('test_many.py::test_one[214]');
});

function pytestInterpreter(): string | null {
  try {
    const found = execFileSync('python3', ['-c', 'import sys, pytest; print(sys.executable)'], { stdio: 'pipe' });
    return found.toString('utf8').trim();
  } catch {
    return null;
  }
}
