import { describe, expect, it } from 'vitest';
import type { ServiceFacts } from '../../ports/deployer.ts';
import { allTo, hasTag, movedTo, pinnedWithTag, sameSplit, servesAll, withoutTagsOf } from './traffic-plan.ts';
import { toLatest, type WireTraffic } from './wire.ts';

type Traffic = ServiceFacts['traffic'];

/** `a:90` is traffic, `b:10!` the same by LATEST, `c=tag` a tag at 0 %, `a:90=tag` both, `a:0!=tag` a tag on LATEST. */
function traffic(text: string): Traffic {
  return text.split(' ').flatMap((word) => {
    const [, revision, percent, latest, tag] = /^(\w+)(?::(\d+)(!?))?(?:=(\w+))?$/.exec(word) ?? [];
    if (revision === undefined) return [];
    return [{ revision, percent: Number(percent ?? 0), tag: tag ?? null, latest: latest === '!', url: null }];
  });
}

function written(targets: readonly WireTraffic[]): string {
  const word = ({ type, revision, percent, tag }: WireTraffic) =>
    `${type === toLatest ? 'LATEST' : revision}${percent ? `:${percent}` : ''}${tag ? `=${tag}` : ''}`;
  return targets.map(word).join(' ');
}

describe('a candidate gets a tag, and what serves stays where it is', () => {
  it.each([
    ['by name', 'a:100', 'a:100 c=next'],
    ['LATEST is pinned by name', 'a:100!', 'a:100 c=next'],
    ['a split stays', 'a:90 b:10', 'a:90 b:10 c=next'],
    ['shares of one revision are added', 'a:60 a:40!=live', 'a:100 LATEST=live c=next'],
    ['a tag on LATEST goes on following it', 'a:100 a:0!=live', 'a:100 LATEST=live c=next'],
    ['other tags stay', 'a:100=live b=old', 'a:100 a=live b=old c=next'],
    ['the tag is taken over', 'a:100 b=next', 'a:100 c=next'],
    ['where nothing serves, the first that comes up does', '', 'LATEST:100 c=next'],
  ])('%s', (_name, before, after) => {
    expect(written(pinnedWithTag(traffic(before), 'next', 'c'))).toBe(after);
  });
});

it.each([
  ['a:90 b:10', 'c:100'],
  ['a:100=live c=next', 'c:100 a=live c=next'],
])('all traffic to c keeps the tags of %s', (before, after) => {
  expect(written(allTo(traffic(before), 'c'))).toBe(after);
});

describe('a share for c, the rest in its old proportions', () => {
  it.each([
    ['all of it', 'a:100 c=next', 100, false, 'c:100 c=next'],
    ['a tenth', 'a:100 c=next', 10, false, 'c:10 a:90 c=next'],
    ['of a split', 'a:75 b:25', 20, false, 'c:20 a:60 b:20'],
    ['what does not divide goes to the largest remainder', 'a:50 b:30 d:20', 25, false, 'c:25 a:38 b:22 d:15'],
    ['nothing is lost by rounding, what rounds to nothing is left out', 'a:99 b:1', 75, false, 'c:75 a:25'],
    ['the next step', 'c:10 a:90', 50, false, 'c:50 a:50'],
    ['from LATEST, which is pinned', 'a:100!', 10, false, 'c:10 a:90'],
    ['a tag on LATEST stays there', 'a:100 c:0!=live', 10, false, 'c:10 a:90 LATEST=live'],
    ['as the latest', 'a:100 c=next', 100, true, 'LATEST:100 c=next'],
  ])('%s', (_name, before, percent, latest, after) => {
    const plan = movedTo(traffic(before), { revision: 'c', percent, latest });
    expect(written(plan ?? [])).toBe(after);
  });

  it('is refused where nothing is there for the rest', () => {
    expect(movedTo(traffic('c:100'), { revision: 'c', percent: 10, latest: false })).toBeNull();
  });
});

it.each([
  ['a:100 c=next c=other b=old', 'a:100 b=old'],
  ['a:100! c=next', 'a:100'],
  ['c=next', 'LATEST:100'],
  ['a:100 c=next c:0!=live', 'a:100 LATEST=live'],
])('without the tags of c: %s', (before, after) => {
  expect(written(withoutTagsOf(traffic(before), 'c'))).toBe(after);
});

it.each([
  ['a:100', 'a:100!', true],
  ['a:100', 'a:100 b=tag', true],
  ['a:60 a:40', 'a:100', true],
  ['a:90 b:10', 'a:80 b:20', false],
  ['a:100', 'b:100', false],
  ['a:100', '', false],
])('%s and %s serve the same: %s', (left, right, same) => {
  expect(sameSplit(traffic(left), traffic(right))).toBe(same);
});

it.each([
  ['a:100', true],
  ['a:100!', true],
  ['a:90 a:10!', true],
  ['a:90 b:10', false],
  ['a=tag', false],
  ['', false],
])('a alone serves in "%s": %s', (text, all) => {
  expect(servesAll(traffic(text), 'a')).toBe(all);
});

it('a tag counts only on its own revision', () => {
  expect([hasTag(traffic('a=next'), 'next', 'a'), hasTag(traffic('b=next'), 'next', 'a')]).toEqual([true, false]);
});
