import { expect, test } from 'vitest';
import { revisionFacts } from './revision-facts.ts';

const sha = '9b3e7c1d5a40f6e8b2c4d6f8091a2b3c4d5e6f70';
const digest = `sha256:${'d'.repeat(64)}`;

test.each<[string, string, Record<string, string>, string | null, string | null]>([
  ['the label counts first', `r/app:${sha}`, { 'commit-sha': 'abc1234' }, 'abc1234', 'label'],
  ['a tag that is a commit', `europe-docker.pkg.dev/p/r/app:${sha}`, {}, sha, 'image'],
  ['a short commit', 'r/app:9b3e7c1', {}, '9b3e7c1', 'image'],
  ['a tag beside a digest', `r/app:9b3e7c1@${digest}`, {}, '9b3e7c1', 'image'],
  ['the embedded store', `loop.local/chat/app@${sha}`, {}, sha, 'image'],
  ['latest', 'r/app:latest', {}, null, null],
  ['no tag', 'r/app', {}, null, null],
  ['a digest is no commit', `r/app@${digest}`, {}, null, null],
  ['a date is no commit', 'r/app:20261120', {}, null, null],
  ['a version is no commit', 'r/app:v1.2.3', {}, null, null],
  ['a port is no tag', 'registry:5000/app', {}, null, null],
  ['a word of hexadecimal digits is too short', 'r/app:beef', {}, null, null],
  ['an empty label tells nothing', 'r/app:latest', { 'commit-sha': '' }, null, null],
])('the commit of a revision: %s', async (_story, image, labels, commit, commitFrom) => {
  const facts = await revisionFacts({ containers: [{ image }], labels }, null);
  expect(facts).toMatchObject({ commit, commitFrom });
});

test('conditions are read by type, wherever they stand', async () => {
  const conditions = [
    { type: 'ContainerHealthy', state: 'CONDITION_SUCCEEDED' as const },
    {
      type: 'Ready',
      state: 'CONDITION_FAILED' as const,
      message: 'no',
      revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR' as const,
    },
  ];
  for (const order of [conditions, [...conditions].reverse()]) {
    const facts = await revisionFacts({ conditions: order }, null);
    expect(facts).toMatchObject({ ready: false, reason: 'HEALTH_CHECK_CONTAINER_ERROR', message: 'no' });
  }
  expect((await revisionFacts({ conditions: conditions.slice(0, 1) }, null)).ready).toBe(false);
});
