import type { TestCase, TestList, TestOutcome, TestTotals } from '../core/test-report.ts';
import { isSame } from './byte-room.ts';
import { hashOf, joinHash } from './id-hash.ts';
import { makeKeptTexts } from './kept-texts.ts';
import { makeSameName, type Namesakes, type SameName } from './same-name.ts';
import { makeSeenIds } from './seen-ids.ts';
import { detailsFrom, detailsText, type TestDetails } from './test-details.ts';
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

/** What a test has beside its owner and its name. */
interface Row {
  /** A place in `outcomes`. */
  readonly outcome: number;
  readonly durationMs: number | null;
  /** 0: none. */
  readonly line: number;
  /** The number of its text plus 1; 0: none. */
  readonly details: number;
}

export function makeTestStore(sameName: Pick<SameName, 'joins'> = makeSameName(false)): TestStore {
  const pages: TestPage[] = [];
  const owners = makeTestOwners();
  const texts = makeKeptTexts();
  const counts = { passed: 0, failed: 0, errored: 0, skipped: 0 };
  /** By the first place of an id: the latest one that would have it. */
  const latestLike = new Map<number, number>();
  /** By place: rows of earlier attempts, which a later one has taken the place of. */
  const earlier = new Map<number, Pick<Row, 'outcome' | 'details'>[]>();
  let length = 0;
  const pageOf = (place: number): TestPage => pages[Math.floor(place / pageRows)] as TestPage;
  const seen = makeSeenIds((place) => idAt(place));

  const nextPage = (): TestPage => {
    if (length % pageRows > 0) return pages.at(-1) as TestPage;
    pages.at(-1)?.names.seal();
    const page = makePage();
    pages.push(page);
    return page;
  };
  const put = (owner: TestOwner, name: NameBytes, row: Row): void => {
    const hash = hashOfId(owner, name);
    const first = seen.find(hash, () => testId(owner.suite, owner.className, textOf(name)));
    if (first === -1) {
      addRow(owner, name, row);
      seen.add(hash, length - 1);
    } else putAgain(first, owner, name, row);
  };
  const addRow = (owner: TestOwner, name: NameBytes, row: Row): void => {
    const page = nextPage();
    page.owners[length % pageRows] = owner.number;
    page.names.add(name.name, name.nameLength);
    setRow(page, length % pageRows, row);
    counts[outcomeOf(row.outcome)] += 1;
    length += 1;
  };
  const putAgain = (first: number, owner: TestOwner, name: NameBytes, row: Row): void => {
    const before = latestLike.get(first) ?? first;
    if (sameName.joins(namesakes(before, owner, name, row))) {
      addAttempt(before, row);
      return;
    }
    addRow(owner, name, row);
    repeat(length - 1, first, before);
  };
  const namesakes = (place: number, owner: TestOwner, name: NameBytes, row: Row): Namesakes => {
    const page = pageOf(place);
    const at = place % pageRows;
    const isSameTest = (): boolean =>
      page.owners[at] === owner.number &&
      (page.lines?.[at] ?? 0) === row.line &&
      isSame(page.names.get(at), name.name, 0, name.nameLength);
    const id = testId(owner.suite, owner.className, textOf(name));
    const before = { id: idAt(place), outcome: outcomeOf(page.outcomes[at] as number) };
    return { id, before, outcome: outcomeOf(row.outcome), isSameTest };
  };
  const addAttempt = (place: number, row: Row): void => {
    const page = pageOf(place);
    const at = place % pageRows;
    const before = { outcome: page.outcomes[at] as number, details: page.details?.[at] ?? 0 };
    const attempts = earlier.get(place);
    if (attempts === undefined) earlier.set(place, [before]);
    else attempts.push(before);
    counts[outcomeOf(before.outcome)] -= 1;
    counts[outcomeOf(row.outcome)] += 1;
    setRow(page, at, row);
  };
  /** `x #2`, unless some test is called that already. */
  const repeat = (place: number, first: number, before: number): void => {
    const page = pageOf(place);
    const row = place % pageRows;
    page.repeats ??= new Uint32Array(pageRows);
    // The first one may be called `x #2` because of another name.
    const timesBefore = before === first ? 1 : (pageOf(before).repeats?.[before % pageRows] ?? 1);
    for (let times = timesBefore + 1; ; times += 1) {
      page.repeats[row] = times;
      const id = idAt(place);
      const hash = hashOf(Buffer.from(id));
      if (seen.find(hash, () => id) !== -1) continue;
      latestLike.set(first, place);
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
    const { outcome, durationMs, line = 0 } = test;
    const text = detailsText(test);
    const row = {
      outcome: outcomes.indexOf(outcome),
      durationMs,
      line,
      details: text === null ? 0 : texts.add(text) + 1,
    };
    const bytes = { name, nameLength: name.length, nameHash: hashOf(name) };
    put(owners.get(test.suite, test.className, test.file), bytes, row);
  };
  const addPassed = (test: PassedTest): void => {
    const row = { outcome: 0, durationMs: test.durationMs, line: 0, details: 0 };
    put(owners.get(test.suite, test.className, test.file), test, row);
  };
  const detailsOf = ({ outcome, details }: Pick<Row, 'outcome' | 'details'>): TestDetails =>
    detailsFrom(details === 0 ? null : texts.get(details - 1), outcomeOf(outcome));
  const testAt = (place: number): TestCase => {
    const page = pageOf(place);
    const at = place % pageRows;
    const { suite, className, file } = owners.at(page.owners[at] as number);
    const row = { outcome: page.outcomes[at] as number, details: page.details?.[at] ?? 0 };
    const duration = page.durations[at] as number;
    const line = page.lines?.[at] ?? 0;
    const before = earlier.get(place)?.flatMap((one) => detailsOf(one).attempts);
    const details = detailsOf(row);
    return {
      id: idAt(place),
      suite,
      className,
      name: page.names.get(at).toString(),
      ...(file === undefined ? {} : { file }),
      ...(line === 0 ? {} : { line }),
      outcome: outcomeOf(row.outcome),
      durationMs: Number.isNaN(duration) ? null : duration,
      ...details,
      ...(before === undefined ? {} : { attempts: [...before, ...details.attempts] }),
    };
  };
  return {
    add,
    addPassed,
    totals: () => ({ tests: length, ...counts }),
    tests: listOf(() => length, testAt),
  };
}

/** An id's text is what stands before the name, and the name. */
function hashOfId(owner: TestOwner, { name, nameLength, nameHash }: NameBytes): number {
  const isNamesake = nameLength === owner.classBytes.length && isSame(owner.classBytes, name, 0, nameLength);
  return joinHash(isNamesake ? owner.namesakeHash : owner.prefixHash, nameHash, nameLength);
}

function textOf({ name, nameLength }: NameBytes): string {
  return Buffer.from(name.buffer, name.byteOffset, nameLength).toString();
}

function outcomeOf(number: number): TestOutcome {
  return outcomes[number] ?? 'errored';
}

function setRow(page: TestPage, at: number, { outcome, durationMs, line, details }: Row): void {
  page.outcomes[at] = outcome;
  page.durations[at] = durationMs ?? Number.NaN;
  if (line !== 0) page.lines ??= new Uint32Array(pageRows);
  if (details !== 0) page.details ??= new Uint32Array(pageRows);
  if (page.lines !== null) page.lines[at] = line;
  if (page.details !== null) page.details[at] = details;
}
