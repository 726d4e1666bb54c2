import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fail, succeed } from '../../core/result.ts';
import { processTester } from '../../providers/index.ts';
import { must, platformName, TrafficBed } from '../../testing/traffic-bed.ts';
import { deploying } from './deploying.ts';

type Parts = Parameters<typeof deploying>[0];

let bed: TrafficBed;
beforeAll(async () => {
  bed = await TrafficBed.create();
});
afterAll(() => bed.remove());
beforeEach(async () => {
  await bed.fresh();
  must(await bed.deploy('one', null));
});

/** The deployment runs out of time; whether the platform made the revision before that is the test's. */
async function outOfTime(made: boolean) {
  const { signal } = new AbortController();
  const { image } = must(await bed.deployer.revision(platformName, `${platformName}-one`, signal));
  const given = bed.parts({ service: { candidate: 'traffic' } });
  const deploy: Parts['deployer']['deploy'] = async (request, until) => {
    if (made) must(await bed.deployer.deploy(request, until));
    return fail('timeout', 'it took too long');
  };
  const parts = {
    ...given,
    deployer: { ...bed.deployer, deploy },
    builder: { build: async () => succeed({ image, digest: null }) },
    repository: noRepository,
    tester: processTester(),
    logs: bed.logs,
    variables: {},
    path: '',
  };
  const { deployments } = await bed.tested('one');
  const run = await bed.run('deploying', { record: { deployments: (deployments ?? []).slice(0, 1) } });
  const end = await deploying(parts)(run);
  return { end, candidate: end.patch.deployments?.find(({ role }) => role === 'candidate') };
}

/** None of its commits is asked for. */
const noRepository = {} as Parts['repository'];

test('a deployment that ran out of time after its revision took the traffic: the record knows both', async () => {
  const { end, candidate } = await outOfTime(true);
  const { serving } = await bed.facts();
  expect(serving).not.toBe(`${platformName}-one`);
  expect(candidate).toMatchObject({ revision: serving, failure: { code: 'timeout' }, traffic: [{ percent: 100 }] });
  expect(end.patch.trafficMoves).toMatchObject([{ from: `${platformName}-one`, to: serving, percent: 100 }]);
  expect(end.facts.badRevisionHasTraffic).toBe(true);
});

test('a revision that the platform never made is not named', async () => {
  expect((await outOfTime(false)).candidate).toMatchObject({ revision: null, failure: { code: 'timeout' } });
});
