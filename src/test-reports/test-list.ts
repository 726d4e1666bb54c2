import type { TestCase, TestList } from '../core/test-report.ts';

/** A list whose tests are made whenever they are asked for. */
export function listOf(length: () => number, testAt: (place: number) => TestCase): TestList {
  function* all(): Generator<TestCase> {
    for (let place = 0; place < length(); place += 1) yield testAt(place);
  }
  const at = (index: number): TestCase | undefined => {
    const place = index < 0 ? length() + index : index;
    return place >= 0 && place < length() ? testAt(place) : undefined;
  };
  const flatMap = <T>(change: (test: TestCase, place: number) => readonly T[]): T[] => {
    const found: T[] = [];
    for (let place = 0; place < length(); place += 1) for (const one of change(testAt(place), place)) found.push(one);
    return found;
  };
  return {
    get length() {
      return length();
    },
    at,
    flatMap,
    map: (change) => flatMap((test, place) => [change(test, place)]),
    filter: (isWanted) => flatMap((test) => (isWanted(test) ? [test] : [])),
    [Symbol.iterator]: all,
  };
}
