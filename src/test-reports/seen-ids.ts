import type { TestCase } from '../core/test-report.ts';
import { idPrefix } from './test-id.ts';

/** Which of the kept tests has an id already; a hash table over their places in a list, so that no id is copied for it. */
export interface SeenIds {
  /** The place of the first test with the same id, or null; then the test is remembered under `place`. */
  firstLike(test: TestCase, place: number): number | null;
}

export function makeSeenIds(tests: readonly TestCase[]): SeenIds {
  let slots = new Int32Array(1024);
  let hashes = new Int32Array(1024);
  let used = 0;
  const slotOf = (hash: number, fits: (place: number) => boolean): number => {
    let slot = hash & (slots.length - 1);
    while (slots[slot] !== 0 && !(hashes[slot] === hash && fits((slots[slot] ?? 0) - 1)))
      slot = (slot + 1) & (slots.length - 1);
    return slot;
  };
  const put = (hash: number, place: number, slot: number): void => {
    slots[slot] = place + 1;
    hashes[slot] = hash;
    used += 1;
  };
  const grow = (): void => {
    const [oldSlots, oldHashes] = [slots, hashes];
    slots = new Int32Array(oldSlots.length * 2);
    hashes = new Int32Array(oldSlots.length * 2);
    used = 0;
    for (const [at, entry] of oldSlots.entries()) {
      const hash = oldHashes[at] ?? 0;
      if (entry !== 0)
        put(
          hash,
          entry - 1,
          slotOf(hash, () => false),
        );
    }
  };
  const firstLike = (test: TestCase, place: number): number | null => {
    const hash = hashOf(test);
    const slot = slotOf(hash, (other) => tests[other]?.id === test.id);
    const entry = slots[slot] ?? 0;
    if (entry !== 0) return entry - 1;
    put(hash, place, slot);
    if (used * 2 > slots.length) grow();
    return null;
  };
  return { firstLike };
}

let latest = { prefix: '', state: 0x811c9dc5 };

/** FNV-1a over the id's text, from its parts: asking a joined text for its characters would copy it. */
function hashOf(test: TestCase): number {
  const prefix = idPrefix(test.suite, test.className, test.name);
  if (latest.prefix !== prefix) latest = { prefix, state: fnv(prefix, 0x811c9dc5) };
  return fnv(test.name, latest.state) | 0;
}

function fnv(text: string, state: number): number {
  let hash = state;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}
