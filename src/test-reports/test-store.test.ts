import { expect, test } from 'vitest';
import type { TestCase } from '../core/test-report.ts';
import { hashOf } from './id-hash.ts';
import { makeSameName } from './same-name.ts';
import { testId } from './test-id.ts';
import { bareAttempts } from './test-parts.ts';
import { makeTestStore } from './test-store.ts';

function made(suite: string, className: string | null, name: string, more: Partial<TestCase> = {}): TestCase {
  const outcome = more.outcome ?? 'passed';
  return {
    id: testId(suite, className, name),
    suite,
    className,
    name,
    outcome,
    durationMs: null,
    frames: [],
    attempts: bareAttempts[outcome],
    properties: [],
    ...more,
  };
}

/** Numbers that look random, the same in every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

const words = [
  '',
  'a',
  'b',
  'a > b',
  'test',
  'größe',
  '漢字',
  '__proto__',
  'x #2',
  'x',
  'a long name that many share ',
];

test('whatever is kept comes back as it was, in its order, also when it is asked for anywhere', () => {
  const random = randomNumbers(7);
  const word = (): string => words[random(words.length)] ?? '';
  const given = Array.from({ length: 5_000 }, (_, n) => {
    const name = `${word()}${n}${word()}${'z'.repeat(random(300))}`;
    const plain = made(word(), word() || null, name, random(3) === 0 ? { durationMs: n / 8 } : {});
    const kind = random(12);
    if (kind > 4) return plain;
    const message = `${word()} is ${n}`;
    return {
      ...plain,
      ...(kind === 0 ? { file: `src/${word()}.ts`, line: n + 1 } : {}),
      ...(kind === 1
        ? { outcome: 'skipped' as const, attempts: [{ outcome: 'skipped' as const, message }], message }
        : {}),
      ...(kind === 2 ? { outcome: 'errored' as const, attempts: bareAttempts.errored, stderr: message } : {}),
      ...(kind === 3 ? { properties: [{ name: 'n', value: `${n}` }], stdout: word().repeat(50) } : {}),
      ...(kind === 4
        ? {
            outcome: 'failed' as const,
            attempts: [{ outcome: 'failed' as const, message }, { outcome: 'failed' as const }],
            message,
            failureType: 'E',
            stack: `at x\n${'y'.repeat(random(2_000))}`,
            frames: [{ file: 'a.ts', line: n + 1, function: 'f' }],
          }
        : {}),
    };
  });
  const store = makeTestStore();
  for (const one of given) store.add(one);
  const unlike = (one: TestCase | undefined, place: number): boolean =>
    JSON.stringify(sorted(one)) !== JSON.stringify(sorted(given[place]));
  expect([...store.tests].filter(unlike)).toEqual([]);
  expect(store.tests).toHaveLength(5_000);
  for (let n = 0; n < 2_000; n += 1) {
    const place = random(5_000);
    if (unlike(store.tests.at(place), place)) expect(store.tests.at(place)).toEqual(given[place]);
  }
  expect(store.totals().tests).toBe(5_000);
  expect(store.totals().failed).toBe(given.filter(({ outcome }) => outcome === 'failed').length);
  expect([store.tests.at(-1)?.name, store.tests.at(5_000)]).toEqual([given[4_999]?.name, undefined]);
});

function sorted(one: TestCase | undefined): [string, unknown][] {
  return Object.entries(one ?? {}).toSorted(([left], [right]) => (left < right ? -1 : 1));
}

test('one id, however it came about, is numbered; no two tests have the same one', () => {
  const random = randomNumbers(11);
  const store = makeTestStore();
  const times = new Map<string, number>();
  const taken = new Set<string>();
  const expected: string[] = [];
  for (let n = 0; n < 12_000; n += 1) {
    const word = (): string => words[random(words.length)] ?? '';
    const one = made(word(), word() || null, random(2) === 0 ? word() : `name ${random(2_500)}`);
    store.add(one);
    let id = one.id;
    for (let next = (times.get(one.id) ?? 1) + 1; taken.has(id); next += 1) {
      id = `${one.id} #${next}`;
      times.set(one.id, next);
    }
    taken.add(id);
    expected.push(id);
  }
  expect(store.tests.map(({ id }) => id)).toEqual(expected);
  expect(new Set(expected).size).toBe(12_000);
  expect(times.size).toBeGreaterThan(500);
});

test('a test that passed is kept by its bytes as it is by its texts', () => {
  const store = makeTestStore();
  for (const name of ['größe', 'C', 'größe']) {
    const bytes = Buffer.from(`${name}xyz`);
    const nameLength = bytes.length - 3;
    const nameHash = hashOf(bytes.subarray(0, nameLength));
    store.addPassed({ suite: 's', className: 'C', file: 'a.ts', durationMs: 1.5, name: bytes, nameLength, nameHash });
  }
  const like = (name: string, id: string): TestCase => made('s', 'C', name, { id, file: 'a.ts', durationMs: 1.5 });
  expect([...store.tests]).toEqual([
    like('größe', 's > C > größe'),
    like('C', 's > C'),
    like('größe', 's > C > größe #2'),
  ]);
});

test('attempts of one name become one test wherever it stands; each keeps what it said', () => {
  const random = randomNumbers(13);
  const store = makeTestStore(makeSameName(true));
  const kept: TestCase[] = [];
  const latest = new Map<string, number>();
  for (let n = 0; n < 3_000; n += 1) {
    const outcome = (['passed', 'failed', 'errored', 'skipped'] as const)[random(4)] ?? 'passed';
    const message = random(2) === 0 ? { message: `${n} says ${'w'.repeat(random(200))}` } : {};
    const place = random(2) === 0 ? { file: `f${random(2)}.ts`, line: 1 + random(2) } : {};
    const attempts = [{ outcome, ...message }];
    const one = made('s', 'C', `name ${random(750)}`, { outcome, ...message, ...place, attempts, durationMs: n });
    store.add(one);
    const at = latest.get(one.id);
    const before = at === undefined ? undefined : kept[at];
    const isAttempt = before?.outcome === 'failed' || before?.outcome === 'errored';
    if (at !== undefined && before && isAttempt && outcome !== 'skipped' && isSamePlace(before, one)) {
      kept[at] = { ...one, id: before.id, attempts: [...before.attempts, ...attempts] };
      continue;
    }
    const times = Number(before?.id.split(' #')[1] ?? (before ? 1 : 0)) + 1;
    kept.push(times === 1 ? one : { ...one, id: `${one.id} #${times}` });
    latest.set(one.id, kept.length - 1);
  }
  expect([...store.tests].map(sorted)).toEqual(kept.map(sorted));
  expect(store.totals()).toMatchObject({
    tests: kept.length,
    failed: kept.filter(({ outcome }) => outcome === 'failed').length,
  });
  expect(kept.filter(({ attempts }) => attempts.length > 2).length).toBeGreaterThan(20);
});

function isSamePlace(left: TestCase, right: TestCase): boolean {
  return left.file === right.file && left.line === right.line;
}
