import type { TestCase, TestList, TestTotals } from '../core/test-report.ts';
import { isSame } from './byte-room.ts';
import { hashOf, joinHash } from './id-hash.ts';
import { makeKeptTexts } from './kept-texts.ts';
import { makeSeenIds } from './seen-ids.ts';
import { detailsFrom, detailsText } from './test-details.ts';
import { testId } from './test-id.ts';
import { listOf } from './test-list.ts';
import { makeTestOwners, type TestOwner } from './test-owners.ts';
import { makePage, outcomes, pageRows, type TestPage } from './test-page.ts';

interface NameBytes {
  name: Uint8Array;
  nameLength: number;
  /** Its `hashOf`. */
  nameHash: number;
}

/** A test that passed and about which nothing else is told. The bytes are UTF-8, and only valid while it is handed over. */
export interface PassedTest extends NameBytes {
  suite: string;
  className: string | null;
  file: string | undefined;
  durationMs: number | null;
}

/** Keeps tests by the million: in columns, and made anew when they are asked for. */
export interface TestStore {
  /** One whose id was there before gets a number behind it. */
  add(test: TestCase): void;
  addPassed(test: PassedTest): void;
  totals(): TestTotals;
  readonly tests: TestList;
}

export function makeTestStore(): TestStore {
  const pages: TestPage[] = [];
  const owners = makeTestOwners();
  const texts = makeKeptTexts();
  const counts = { passed: 0, failed: 0, errored: 0, skipped: 0 };
  const repeatsOf = new Map<number, number>();
  let length = 0;
  const pageOf = (place: number): TestPage => pages[Math.floor(place / pageRows)] as TestPage;
  const seen = makeSeenIds((one, other) => idAt(one) === idAt(other));

  const nextPage = (): TestPage => {
    if (length % pageRows > 0) return pages.at(-1) as TestPage;
    pages.at(-1)?.names.seal();
    const page = makePage();
    pages.push(page);
    return page;
  };
  const addRow = (owner: TestOwner, name: NameBytes, outcome: number, durationMs: number | null) => {
    const { nameLength } = name;
    const page = nextPage();
    const row = length % pageRows;
    page.outcomes[row] = outcome;
    page.durations[row] = durationMs ?? Number.NaN;
    page.owners[row] = owner.number;
    page.names.add(name.name, nameLength);
    length += 1;
    const isNamesake = nameLength === owner.classBytes.length && isSame(owner.classBytes, name.name, 0, nameLength);
    const hash = joinHash(isNamesake ? owner.namesakeHash : owner.prefixHash, name.nameHash, nameLength);
    remember(length - 1, hash);
    return { page, row };
  };
  const remember = (place: number, hash: number): void => {
    const first = seen.find(hash, place);
    if (first === -1) seen.add(hash, place);
    else repeat(place, first);
  };
  /** `x #2`, unless some test is called that already. */
  const repeat = (place: number, first: number): void => {
    const page = pageOf(place);
    const row = place % pageRows;
    page.repeats ??= new Uint32Array(pageRows);
    for (let times = (repeatsOf.get(first) ?? 1) + 1; ; times += 1) {
      page.repeats[row] = times;
      const hash = hashOf(Buffer.from(idAt(place)));
      if (seen.find(hash, place) !== -1) continue;
      repeatsOf.set(first, times);
      seen.add(hash, place);
      return;
    }
  };
  const idAt = (place: number): string => {
    const page = pageOf(place);
    const row = place % pageRows;
    const { suite, className } = owners.at(page.owners[row] as number);
    const id = testId(suite, className, page.names.get(row).toString());
    const times = page.repeats?.[row] ?? 0;
    return times === 0 ? id : `${id} #${times}`;
  };
  const add = (test: TestCase): void => {
    const name = Buffer.from(test.name);
    const owner = owners.get(test.suite, test.className, test.file);
    counts[test.outcome] += 1;
    const bytes = { name, nameLength: name.length, nameHash: hashOf(name) };
    const { page, row } = addRow(owner, bytes, outcomes.indexOf(test.outcome), test.durationMs);
    if (test.line !== undefined) setIn(page, 'lines', row, test.line);
    const details = detailsText(test);
    if (details !== null) setIn(page, 'details', row, texts.add(details) + 1);
  };
  const addPassed = (test: PassedTest): void => {
    const owner = owners.get(test.suite, test.className, test.file);
    counts.passed += 1;
    addRow(owner, test, 0, test.durationMs);
  };
  const testAt = (place: number): TestCase => {
    const page = pageOf(place);
    const row = place % pageRows;
    const { suite, className, file } = owners.at(page.owners[row] as number);
    const outcome = outcomes[page.outcomes[row] as number] ?? 'errored';
    const duration = page.durations[row] as number;
    const line = page.lines?.[row] ?? 0;
    const details = page.details?.[row] ?? 0;
    return {
      id: idAt(place),
      suite,
      className,
      name: page.names.get(row).toString(),
      ...(file === undefined ? {} : { file }),
      ...(line === 0 ? {} : { line }),
      outcome,
      durationMs: Number.isNaN(duration) ? null : duration,
      ...detailsFrom(details === 0 ? null : texts.get(details - 1), outcome),
    };
  };
  return {
    add,
    addPassed,
    totals: () => ({ tests: length, ...counts }),
    tests: listOf(() => length, testAt),
  };
}

function setIn(page: TestPage, column: 'lines' | 'details', row: number, number: number): void {
  page[column] ??= new Uint32Array(pageRows);
  (page[column] as Uint32Array)[row] = number;
}
