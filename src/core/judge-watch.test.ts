import { expect, test } from 'vitest';
import { isClearlyBad, judgeWatch, type WatchedRequest } from './judge-watch.ts';

const limits = { requestsMin: 1, errorRateMaxPermille: 10, latencyP95MsMax: 100 };
const healthy = { healthAsked: true };

/** `200x99 500x1 101x3@5000`: so many answers of a status, each after so many milliseconds (10); `own200` is a probe of ours. */
function requests(text: string): WatchedRequest[] {
  return text.split(' ').flatMap((word) => {
    const [, own, status, times, ms] = /^(own)?(\d+)x(\d+)(?:@(\d+))?$/.exec(word) ?? [];
    if (status === undefined) return [];
    const one = { status: Number(status), latencyMs: Number(ms ?? 10), own: own !== undefined };
    return Array.from({ length: Number(times) }, () => one);
  });
}

// [story, what was answered, limits, outcome, part of the sentence]
test.each([
  ['nothing was asked', '', {}, 'unproven', 'not proven: 0 requests of users, at least 1 is needed'],
  [
    'nothing was asked, and nothing had to be',
    '',
    { requestsMin: 0 },
    'good',
    '0 requests of users: judged by health alone',
  ],
  ['our own probes are no users', 'own200x5', {}, 'unproven', '0 requests of users (and 5 of our own), at least 1 is'],
  ['our own, where none must be', 'own200x5', { requestsMin: 0 }, 'good', '(and 5 of our own): judged by health alone'],
  ['one user is enough', 'own200x5 200x1', {}, 'good', '6 requests (5 of them our own), 0 errors'],
  ['an error is one without a minimum too', '500x1', { requestsMin: 0 }, 'bad', '1 of 1 request ended in an error'],
  ['our own errors are errors', 'own500x1', { requestsMin: 0 }, 'bad', '1 of 1 request (1 of them our own)'],
  [
    'too few, however bad',
    '500x4 own500x9',
    { requestsMin: 5 },
    'unproven',
    '4 requests of users (and 9 of our own), at least 5',
  ],
  ['exactly at the limit', '200x99 500x1', {}, 'good', '100 requests, 1 error,'],
  ['one above the limit', '200x98 503x2', {}, 'bad', '2 of 100 requests ended in an error, at most 1 % may'],
  ['no error may be', '200x2999 500x1', { errorRateMaxPermille: 0 }, 'bad', '1 of 3,000 requests'],
  ['a refusal is no error', '401x50 404x50', {}, 'good', '0 errors'],
  ['slow at the end', '200x95 200x5@900', {}, 'good', 'p95 10 ms'],
  ['slow', '200x94 200x6@900', {}, 'bad', 'p95 of 100 requests is 900 ms, the limit is 100 ms'],
  ['slow, and nobody minds', '200x100@900', { latencyP95MsMax: null }, 'good', 'p95 900 ms'],
  ['WebSockets that stay open are not slow', '200x1 101x50@60000', {}, 'good', 'p95 10 ms'],
  ['WebSockets alone have no latency', '101x3@60000', {}, 'good', '3 requests, 0 errors'],
] as const)('%s', (_story, text, changed, outcome, because) => {
  const judged = judgeWatch(requests(text), { ...limits, ...changed }, healthy);
  expect(judged.outcome).toBe(outcome);
  expect(judged.because).toContain(because);
});

test('where no health was asked and no user came, nothing has judged it', () => {
  const judged = judgeWatch(requests('own200x5'), { ...limits, requestsMin: 0 }, { healthAsked: false });
  expect(judged).toMatchObject({
    outcome: 'unproven',
    because: 'not proven: 0 requests of users (and 5 of our own), and no health was asked',
  });
});

test('the rate is an integer that is never rounded down to nothing', () => {
  expect(judgeWatch(requests('200x2999 500x1'), limits, healthy).errorRatePermille).toBe(1);
  expect(judgeWatch([], limits, healthy).errorRatePermille).toBeNull();
});

test.each([
  ['all of a few', '500x1', true],
  ['one of ten could be chance', '200x9 500x1', false],
  ['many of many', '200x50 500x50', true],
  ['none', '200x50', false],
  ['our own alone, where users are asked for', 'own500x9', false],
] as const)('the watch is cut short only for what is beyond doubt: %s', (_story, text, is) => {
  expect(isClearlyBad(requests(text), limits)).toBe(is);
});
