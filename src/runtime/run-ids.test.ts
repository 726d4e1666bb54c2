import { expect, test } from 'vitest';
import { runNames } from './run-ids.ts';

const now = new Date('2026-11-20T19:08:01.999Z');
const folderFor = (slug: string) => `E2E-DEPLOY-REMEDIATE-WORKLOG-${slug}-2026-11-20-190801Z-aaaa`;

test.each([
  [['all'], 'all'],
  [[], 'all'],
  [['Websockets', 'golden-path'], 'websockets-golden-path'],
  [['../../etc', '$(x)'], 'etc-x'],
  [['日本'], 'all'],
  [['a'.repeat(39), 'b'], 'a'.repeat(39)],
])('focus %j names the folder %s', (focus, slug) => {
  expect(runNames(focus, now, () => 0)).toEqual({ id: '20261120t190801z-aaaa', folder: folderFor(slug) });
});

test('two runs of the same second differ by their letters', () => {
  const numbers = [0, 0.5, 0.999999, 0.25];
  expect(runNames(['all'], now, () => numbers.pop() ?? 0).id).toBe('20261120t190801z-gzna');
});
