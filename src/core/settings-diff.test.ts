import { expect, test } from 'vitest';
import { differencesBetween, driftFrom, onlySettings, sameCode } from './settings-diff.ts';

const stable = {
  settings: { 'env MODE': 'sha256:aaaaaaaaaaaa', memory: '1Gi', cpu: '1', 'vpc egress': 'all-traffic' },
  image: 'r/app:1',
  digest: 'sha256:old',
  commit: 'a'.repeat(40),
};

test('two revisions differ by what was built and by settings, sorted by name', () => {
  const settings = { 'env MODE': 'sha256:bbbbbbbbbbbb', memory: '1024Mi', cpu: '1000m', concurrency: '80' };
  expect(differencesBetween(stable, { ...stable, settings, digest: 'sha256:new', commit: null })).toEqual([
    { setting: 'image digest', from: 'sha256:old', to: 'sha256:new' },
    { setting: 'commit', from: 'a'.repeat(40), to: 'unknown' },
    { setting: 'concurrency', from: null, to: '80' },
    { setting: 'env MODE', from: 'sha256:aaaaaaaaaaaa', to: 'sha256:bbbbbbbbbbbb' },
    { setting: 'vpc egress', from: 'all-traffic', to: null },
  ]);
});

test('an unknown digest is compared by the image, never taken for the same', () => {
  const rows = differencesBetween({ ...stable, digest: null }, { ...stable, image: 'r/app:2' });
  expect(rows).toEqual([{ setting: 'image', from: 'r/app:1', to: 'r/app:2' }]);
  expect(onlySettings(rows)).toEqual([]);
});

test.each<[string, Record<string, string>, string[]]>([
  ['nothing is named', {}, []],
  ['what is named is there', { memory: '1Gi', 'env MODE': 'sha256:aaaaaaaaaaaa' }, []],
  ['the same amount in other words', { memory: '1024Mi', cpu: '1000m' }, []],
  ['another value', { memory: '2Gi' }, ['memory']],
  ['none is wanted and none is there', { 'sql instances': '' }, []],
  ['none is wanted and one is there', { 'vpc egress': '' }, ['vpc egress']],
  ['named and not there', { concurrency: '10' }, ['concurrency']],
])('drift is only what the config names: %s', (_story, wanted, names) => {
  expect(driftFrom(wanted, stable.settings, []).map(({ setting }) => setting)).toEqual(names);
});

test('what loop gave and the config names no more is drift, while it is there', () => {
  const rows = driftFrom({ memory: '1Gi' }, stable.settings, ['env MODE', 'memory', 'env GONE']);
  expect(rows).toEqual([{ setting: 'env MODE', from: null, to: 'sha256:aaaaaaaaaaaa' }]);
});

test.each([
  ['projects/p/locations/l/connectors/main', 'main', true],
  ['projects/p/locations/l/connectors/main', 'other', false],
])('the connector %s, called %s in the config, is the same: %s', (full, short, is) => {
  expect(driftFrom({ 'vpc connector': short }, { 'vpc connector': full }, [])).toHaveLength(is ? 0 : 1);
});

test.each([
  ['one commit', { digest: null, commit: 'a' }, { digest: 'd', commit: 'a' }, true],
  ['one digest', { digest: 'd', commit: null }, { digest: 'd', commit: 'a' }, true],
  ['two commits', { digest: null, commit: 'a' }, { digest: null, commit: 'b' }, false],
  ['nothing is known', { digest: null, commit: null }, { digest: null, commit: null }, false],
])('the same code is proven, never supposed: %s', (_story, left, right, same) => {
  expect(sameCode(left, right)).toBe(same);
});
