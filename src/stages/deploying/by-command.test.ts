import { mkdtempSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { processTester } from '../../providers/index.ts';
import { must, platformName, service, TrafficBed } from '../../testing/traffic-bed.ts';
import { deployByCommand } from './by-command.ts';

let bed: TrafficBed;
let cwd = '';
beforeAll(async () => {
  bed = await TrafficBed.create();
  cwd = mkdtempSync(`${bed.folder}/command-`);
});
afterAll(async () => {
  rmSync(cwd, { recursive: true, force: true });
  await bed.remove();
});
beforeEach(async () => {
  await bed.fresh();
  must(await bed.deploy('one', null));
});

const tester = processTester();
const denied = `console.error('ERROR: (gcloud.run.deploy) PERMISSION_DENIED: no'); process.exit(1)`;

function parts(script: string) {
  const given = bed.parts();
  const command = { run: ['node', '-e', script], pass: [], timeoutSeconds: 20 };
  const pipeline = { ...given.pipeline, deploy: { ...given.pipeline.deploy, how: 'command' as const, command } };
  return { ...given, pipeline, tester, variables: {}, path: process.env.PATH ?? '' };
}

const theirs = () => bed.deploy('theirs', 'x', 'well', '');
const request = {
  key: '1/deploying/1/web',
  service,
  cloudRun: platformName,
  commit: 'd'.repeat(40),
  tag: 'loop-dddddddddddd',
};

test('loop was killed while the command ran: what someone else deployed since then is not the command’s', async () => {
  const run = await bed.run('deploying');
  const killed = { ...tester, run: () => Promise.reject(new Error('killed')) };
  await expect(deployByCommand({ ...request, cwd }, { ...parts(''), tester: killed }, run)).rejects.toThrow('killed');
  must(await theirs());
  const resumed = await deployByCommand({ ...request, cwd }, parts(denied), run);
  expect(resumed).toMatchObject({ ok: false, revision: null, failure: { code: 'permission' } });
  expect(resumed.transcript?.doubts).toContain(
    `${platformName}-theirs is new without a label loop-step: not taken for the command's`,
  );
});
