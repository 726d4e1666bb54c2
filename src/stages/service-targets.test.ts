import { expect, test } from 'vitest';
import type { ServiceFacts } from '../ports/deployer.ts';
import { revisionUrl } from './service-targets.ts';

const share = { percent: 0, tag: null, latest: false, url: null };
const live = { ...share, revision: 'web-two', tag: 'live', latest: true, url: 'https://live---web' };
const next = { ...share, revision: 'web-two', tag: 'next', url: 'https://next---web' };

// [story, targets, what serves, revision, address]
test.each([
  ['its own tag', [next], 'web-one', 'web-two', 'https://next---web'],
  ['its own tag, beside one that follows LATEST', [live, next], 'web-one', 'web-two', 'https://next---web'],
  ['a tag that follows LATEST will be another one tomorrow', [live], 'web-one', 'web-two', null],
  ['without a tag of its own, the service while it serves', [live], 'web-two', 'web-two', 'https://web'],
] as const)('the address of one revision: %s', (_story, traffic, serving, revision, url) => {
  const facts = { url: 'https://web', serving, traffic } satisfies Partial<ServiceFacts>;
  expect(revisionUrl(facts, revision)).toBe(url);
});
