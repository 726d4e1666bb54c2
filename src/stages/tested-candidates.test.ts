import { expect, test } from 'vitest';
import { candidate, phase, suite } from '../core/judged-sample.ts';
import type { SuiteResult } from '../core/record.ts';
import { testedCandidates } from './tested-candidates.ts';

const onCandidate = suite('events', { roles: { backend: 'candidate' } });
const onStable = suite('events', { roles: { backend: 'stable' } });
const failed = { code: 'not-started', message: 'exit(3) at boot' };

// [story, suites that ran, how the deployment failed, may it have traffic]
test.each<[string, SuiteResult[], typeof failed | null, boolean]>([
  ['tested as candidate', [onCandidate], null, true],
  ['no suite needs it', [suite('auth', { roles: { auth: 'candidate' } })], null, false],
  ['its tag was gone, so the suites met stable', [onStable], null, false],
  ['one required suite met stable', [onCandidate, onStable], null, false],
  ['one that may be missing met stable', [onCandidate, { ...onStable, required: false }], null, true],
  ['the suite that used it is not GO', [{ ...onCandidate, verdict: 'BLOCKED' }], null, false],
  ['it did not come up', [onCandidate], failed, false],
])('%s', (_story, suites, failure, may) => {
  const record = { deployments: [candidate('backend', failure)], phases: [phase('p', 'GO', suites)] };
  expect(testedCandidates(record).map((one) => one.revision)).toEqual(may ? ['backend-2'] : []);
});
