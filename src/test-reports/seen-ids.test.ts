import { expect, test } from 'vitest';
import type { TestCase } from '../core/test-report.ts';
import { makeSeenIds } from './seen-ids.ts';
import { testId } from './test-id.ts';

function made(suite: string, className: string | null, name: string): TestCase {
  return {
    id: testId(suite, className, name),
    suite,
    className,
    name,
    outcome: 'passed',
    durationMs: null,
    frames: [],
    attempts: [],
    properties: [],
  };
}

test('one id, however it came about, is one id; others never meet', () => {
  const parts = ['', 'a', 'b', 'a > b', 'test', 'größe', '__proto__'];
  const kept: TestCase[] = [];
  const seen = makeSeenIds(kept);
  const plain = new Map<string, number>();
  for (let n = 0; n < 6_000; n += 1) {
    const pick = (salt: number): string => parts[(n * 7 + salt * (n >> 3)) % parts.length] ?? '';
    const one = made(pick(1), n % 3 === 0 ? null : pick(5), n % 2 === 0 ? pick(11) : `name ${n % 2_500}`);
    expect(seen.firstLike(one, kept.length)).toBe(plain.get(one.id) ?? null);
    if (plain.has(one.id)) continue;
    plain.set(one.id, kept.length);
    kept.push(one);
  }
  expect(kept.length).toBeGreaterThan(1_500);
});
