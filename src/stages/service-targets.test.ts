import { expect, test } from 'vitest';
import type { ServiceFacts } from '../ports/deployer.ts';
import { revisionUrl } from './service-targets.ts';

const share = { percent: 0, tag: null, latest: false, url: null };
const live = { ...share, revision: 'web-two', tag: 'live', latest: true, url: 'https://live---web' };
const next = { ...share, revision: 'web-two', tag: 'next', url: 'https://next---web' };

const all = { ...share, revision: 'web-two', percent: 100 };
const half = { ...share, revision: 'web-two', percent: 50 };

// [story, targets, revision, address]
test.each([
  ['its own tag', [next], 'web-two', 'https://next---web'],
  ['its own tag, beside one that follows LATEST', [live, next], 'web-two', 'https://next---web'],
  ['a tag that follows LATEST will be another one tomorrow', [live], 'web-two', null],
  ['without a tag of its own, the service while it has everything', [live, all], 'web-two', 'https://web'],
  ['with a part of the traffic, the service may answer by another', [live, half], 'web-two', null],
] as const)('the address of one revision: %s', (_story, traffic, revision, url) => {
  const facts = { url: 'https://web', traffic } satisfies Partial<ServiceFacts>;
  expect(revisionUrl(facts, revision)).toBe(url);
});
