import { expect, test } from 'vitest';
import { allocationDiffers } from './allocation.ts';

const share = (revision: string | null, percent: number, tag: string | null = null) => ({
  revision,
  percent,
  tag,
  latest: revision === null,
});
const latestIs = (revision: string, percent: number) => ({ revision, percent, tag: null, latest: true });

test.each([
  ['all to one', [share('a', 100)], [share('a', 100)], null],
  ['LATEST is LATEST, whoever that is', [share(null, 100)], [latestIs('a', 100)], null],
  ['shares of one revision add up', [share('a', 60), share('a', 40, 'x')], [share('a', 100), share('a', 0, 'x')], null],
  ['the order does not matter', [share('a', 10), share('b', 90)], [share('b', 90), share('a', 10)], null],
  ['another revision', [share('b', 100)], [share('a', 100)], 'asked for was b 100 %, served is a 100 %'],
  ['by name is not LATEST', [share(null, 100)], [share('a', 100)], 'asked for was LATEST 100 %, served is a 100 %'],
  [
    'a tag that is gone',
    [share('a', 100), share('b', 0, 'next')],
    [share('a', 100)],
    'asked for was a 100 %, tag next on b, served is a 100 %',
  ],
  ['nothing served', [share('a', 100)], [], 'asked for was a 100 %, served is nothing'],
])('what was asked for against what is served: %s', (_story, asked, served, difference) => {
  expect(allocationDiffers(asked, served)).toBe(difference);
});
