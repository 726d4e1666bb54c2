import { expect, test } from 'vitest';
import { candidate, health } from '../../core/judged-sample.ts';
import type { Deployment, Health } from '../../core/record.ts';
import { sampleRun } from '../../testing/store-sample.ts';
import { bootCauses } from './boot-causes.ts';
import { bootControls } from './boot-control.ts';

const same = 'a'.repeat(40);
const stable: Deployment = { ...candidate('backend'), role: 'stable', revision: 'backend-1', commit: same };
const boot = { class: 'exit' as const, what: 'it exited by itself', exitCode: 3, boots: 1, evidence: ['E2'] };
const lastEntries = ['missing environment {"missing":["AUTH_URL"]}', 'Container called exit(3).'];
const dead: Deployment = {
  ...candidate('backend', { code: 'not-started', message: 'PORT', boot: { ...boot, lastEntries } }),
  evidence: ['E1', 'E9'],
};
const url = { setting: 'env AUTH_URL', from: 'sha256:1', to: 'sha256:2' };
const well: Health = { ...health('backend', 'stable', true), evidence: ['E3'] };

/** Both revisions are of one commit, so that nobody is asked for commits. */
function situation(deployment: Deployment, rows: readonly Health[]) {
  const { record } = sampleRun('run-a');
  const run = {
    key: 'k',
    record: { ...record, run: { ...record.run, head: same }, deployments: [stable, deployment], health: [...rows] },
  } as unknown as Parameters<typeof bootCauses>[1];
  const parts = {
    environment: { services: { backend: { cloudRun: 'chat-backend', path: 'backend' } } },
    pipeline: { control: { repeats: 3 } },
  } as unknown as Parameters<typeof bootCauses>[0];
  return { parts, run };
}

async function causeOf(deployment: Deployment, rows: readonly Health[]) {
  const { parts, run } = situation(deployment, rows);
  const [cause] = await bootCauses(parts, run);
  if (!cause) throw new Error('no cause');
  return cause;
}

const answerOf = (cause: Awaited<ReturnType<typeof causeOf>>, question: string) =>
  cause.whys.find((why) => why.question.startsWith(question));

test('one setting differs and nothing else: the chain ends at it, and the cause is of class config', async () => {
  const cause = await causeOf({ ...dead, settingsDiff: [url] }, [well]);
  expect(cause.class).toBe('config');
  expect(cause.whys.at(-1)).toEqual({
    question: 'Which change does that?',
    claim: 'The setting env AUTH_URL of backend: nothing else differs between the two revisions.',
    status: 'supported',
    evidence: ['E9'],
  });
  expect(answerOf(cause, 'What does its log say?')?.claim).toBe('missing environment {"missing":["AUTH_URL"]}');
});

test.each<[string, Partial<Deployment>, Health[]]>([
  ['the code may differ', { settingsDiff: [url], commit: null }, [well]],
  ['no setting differs', {}, [well]],
  ['the reference was not asked', { settingsDiff: [url] }, []],
])('no setting is blamed where %s', async (_story, changes, rows) => {
  const cause = await causeOf({ ...dead, ...changes }, rows);
  expect(cause.class).toBe('product');
  expect(cause.whys.at(-1)).toMatchObject({ question: 'Which change does that?', status: 'unknown' });
});

const sick = (because: string): Health => ({
  ...health('backend', 'candidate', false),
  target: 'GET /health',
  because,
});
const degraded = 'http://127.0.0.1:43259/health answered 200: expected status to be "ok", it is "degraded"';

test.each([
  [
    'an answer that is not as asked for',
    sick(degraded),
    'backend is not healthy: GET /health answered 200: expected status to be "ok", it is "degraded"',
  ],
  [
    'no answer',
    sick('ws://127.0.0.1:1/ws did not answer within 50 ms'),
    'backend is not healthy: GET /health did not answer within 50 ms',
  ],
  [
    'something else',
    sick('the token for http://127.0.0.1:1 expired'),
    'backend is not healthy: GET /health: the token for its address expired',
  ],
])(
  'one that is up and sick is told as such, without an address that is gone tomorrow: %s',
  async (_story, row, title) => {
    const cause = await causeOf(candidate('backend'), [row, well]);
    expect(cause.title).toBe(title);
    expect(cause.whys[0]?.claim).toBe(`The candidate of ${title}`);
  },
);

const answered = (n: number, attempts = 1): Health => ({
  ...well,
  target: 'GET /health',
  attempts,
  latencyMs: { p50: 1, p95: 1, n },
});
const booted = (boots: number): Deployment => ({
  ...candidate('backend', { code: 'not-started', message: 'PORT', boot: { ...boot, lastEntries, boots } }),
  evidence: ['E1'],
});
const sickTimes = (attempts: number): Health => ({ ...sick(degraded), attempts, evidence: ['E4'] });
const brought = 'Did this revision bring the fault?';

test.each<[string, Deployment, Health[], string]>([
  [
    'one boot is no repeat',
    booted(1),
    [answered(5)],
    'It looks so, but that is not repeated as often as the 3 that are wanted: the candidate booted once, not repeated, and the reference answered 5 times (candidate backend-2: F, reference backend-1: PPP).',
  ],
  [
    'three boots are',
    booted(4),
    [answered(5)],
    'Yes. Repeated, it fails on the candidate, and the reference answers (candidate backend-2: FFF, reference backend-1: PPP).',
  ],
  [
    'a reference that answered once is no control',
    booted(3),
    [answered(1)],
    'It looks so, but that is not repeated as often as the 3 that are wanted: the candidate booted 3 times, and the reference answered once (candidate backend-2: FFF, reference backend-1: P).',
  ],
  [
    'each retry of a health check is a repeat',
    candidate('backend'),
    [sickTimes(4), answered(5)],
    'Yes. Repeated, it fails on the candidate, and the reference answers (candidate backend-2: FFF, reference backend-1: PPP).',
  ],
  [
    'a reference that failed the same check first',
    candidate('backend'),
    [sickTimes(4), answered(5, 2)],
    'Not shown. The reference failed the same check before it answered (candidate backend-2: FFF, reference backend-1: FPP).',
  ],
])('the control of a failing check is told with its repeats: %s', async (_story, deployment, rows, claim) => {
  expect(answerOf(await causeOf(deployment, rows), brought)).toMatchObject({ claim, status: 'supported' });
  const { parts, run } = situation(deployment, rows);
  const repeated = claim.startsWith('Yes');
  expect(bootControls(parts, run).map((one) => [one.means, one.candidate?.runs])).toEqual(
    repeated ? [['revision', 'FFF']] : [],
  );
});
