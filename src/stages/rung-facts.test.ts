import { describe, expect, test } from 'vitest';
import { candidateTraffic, healthRung, revisionRungs, stableTraffic } from './rung-facts.ts';

const revision = {
  name: 'app-2',
  image: 'r/app:2',
  digest: `sha256:${'d'.repeat(64)}` as string | null,
  digestFrom: 'image' as string | null,
  ready: true,
  reason: null as string | null,
  message: null as string | null,
  createdAt: '2026-11-20T12:00:00Z',
};
const share = (name: string, percent: number, tag: string | null = null, latest = false) => ({
  revision: name,
  percent,
  tag,
  latest,
  url: null,
});

describe('what the platform proves of a revision', () => {
  test.each<[string, Partial<typeof revision>, (string | false)[]]>([
    ['all of it', {}, [`image sha256:${'d'.repeat(64)}, read from the image`, 'its condition Ready has succeeded']],
    [
      'a ready one was built, its digest stays unknown',
      { digest: null },
      [
        'the platform started the image; its digest is unknown: r/app:2 names none',
        'its condition Ready has succeeded',
      ],
    ],
    [
      'one that started and failed was built',
      { digest: null, ready: false, reason: 'HEALTH_CHECK_CONTAINER_ERROR', message: 'no port' },
      ['the platform started the image; its digest is unknown: r/app:2 names none', false],
    ],
    ['one whose image is missing was not', { digest: null, ready: false, reason: 'CONTAINER_MISSING' }, [false, false]],
  ])('%s', (_story, more, [built, ready]) => {
    const facts = revisionRungs({ ...revision, ...more }, null, ['E1']);
    const [first, , third] = facts;
    expect([first?.proven && first.because, third?.proven && third.because]).toEqual([built, ready]);
    expect(facts.every((one) => one.evidence[0] === 'E1')).toBe(true);
  });

  test('a newer one that did not come up is told', () => {
    const facts = revisionRungs(revision, { latestCreated: 'app-3', latestReady: 'app-2' }, []);
    expect(facts[2]?.because).toContain('the latest created revision app-3 is not the latest ready one, app-2');
  });
});

test.each([
  ['by name', [share('app-1', 100)], 'serves 100 %, as asked'],
  ['by another name', [share('app-2', 100)], 'asked for was app-1 100 %, served is app-2 100 %'],
  [
    'a tag is missing',
    [share('app-1', 100), share('app-0', 0, 'x')],
    'asked for was app-1 100 %, served is app-1 100 %, tag x on app-0',
  ],
])('what serves is compared with what was asked for: %s', (_story, traffic, because) => {
  const fact = stableTraffic({ asked: [share('app-1', 100)], traffic }, 'app-1', []);
  expect(fact).toMatchObject({ rung: 'TRAFFIC', because, proven: because.endsWith('as asked') });
});

test('LATEST is told', () => {
  const asked = [{ revision: null, percent: 100, tag: null, latest: true }];
  expect(stableTraffic({ asked, traffic: [share('app-1', 100, null, true)] }, 'app-1', []).because).toBe(
    'serves 100 % as LATEST, as asked',
  );
});

test.each<[string, ReturnType<typeof share>[], string | null, boolean, boolean, string]>([
  [
    'under its tag',
    [share('app-1', 100), share('app-2', 0, 'next')],
    'next',
    false,
    true,
    '0 % under tag next, as asked',
  ],
  [
    'without the tag',
    [share('app-1', 100)],
    'next',
    false,
    false,
    'asked for was 0 % under tag next, it serves 0 % without that tag',
  ],
  [
    'the tag on another revision',
    [share('app-1', 100, 'next')],
    'next',
    false,
    false,
    'asked for was 0 % under tag next, it serves 0 % without that tag',
  ],
  [
    'with traffic that nobody asked for',
    [share('app-2', 100, 'next')],
    'next',
    false,
    false,
    'asked for was 0 % under tag next, it serves 100 % under tag next',
  ],
  ['it served before', [share('app-2', 100)], 'next', true, true, 'serves 100 %, as it did before'],
  ['all traffic', [share('app-2', 100)], null, false, true, 'serves 100 %, as asked'],
  [
    'all traffic, half came',
    [share('app-2', 50), share('app-1', 50)],
    null,
    false,
    false,
    'asked for was 100 %, it serves 50 %',
  ],
])('a candidate is where it was asked for: %s', (_story, traffic, tag, servedBefore, proven, because) => {
  expect(candidateTraffic({ traffic }, { revision: 'app-2', tag, servedBefore }, [])).toMatchObject({
    proven,
    because,
  });
});

test('healthy needs every row, and none says nothing', () => {
  const row = (ok: boolean, target: string) => ({ ok, target, because: 'answered 503', evidence: ['E1'] });
  expect(healthRung([])).toEqual([]);
  expect(healthRung([row(true, '/a'), row(true, '/b')])).toMatchObject([
    { proven: true, because: 'answers as wanted: /a, /b', evidence: ['E1'] },
  ]);
  expect(healthRung([row(true, '/a'), row(false, '/b')])).toMatchObject([
    { proven: false, because: '/b: answered 503' },
  ]);
});
