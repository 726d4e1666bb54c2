import { hashOf } from './id-hash.ts';
import { idPrefix } from './test-id.ts';

/** What tests that stand together in a report share. */
export interface TestOwner {
  readonly suite: string;
  readonly className: string | null;
  readonly file: string | undefined;
  readonly number: number;
  /** Of the id's text before the test's name. */
  readonly prefixHash: number;
  /** The same for a test that is called like its class. */
  readonly namesakeHash: number;
  readonly classBytes: Buffer;
}

export interface TestOwners {
  get(suite: string, className: string | null, file: string | undefined): TestOwner;
  at(number: number): TestOwner;
}

export function makeTestOwners(): TestOwners {
  const list: TestOwner[] = [];
  const known = new Map<string, TestOwner>();
  let latest: TestOwner | undefined;
  const get: TestOwners['get'] = (suite, className, file) => {
    if (latest === undefined || !isOf(latest, suite, className, file)) {
      const key = JSON.stringify([suite, className, file]);
      latest = known.get(key) ?? make(key, suite, className, file);
    }
    return latest;
  };
  const make = (key: string, suite: string, className: string | null, file: string | undefined): TestOwner => {
    const made = {
      suite,
      className,
      file,
      number: list.length,
      prefixHash: hashOf(Buffer.from(idPrefix(suite, className, ''))),
      namesakeHash: hashOf(Buffer.from(idPrefix(suite, className, className ?? ''))),
      classBytes: Buffer.from(className ?? ''),
    };
    known.set(key, made);
    list.push(made);
    return made;
  };
  return { get, at: (number) => list[number] as TestOwner };
}

function isOf(owner: TestOwner, suite: string, className: string | null, file: string | undefined): boolean {
  return owner.suite === suite && owner.className === className && owner.file === file;
}
