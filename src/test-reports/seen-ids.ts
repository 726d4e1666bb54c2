/** Which ids there are: a hash table over the places of tests, so that no id is kept for it. */
export interface SeenIds {
  /** The place of another test with the id of the one at `place`, or -1. */
  find(hash: number, place: number): number;
  add(hash: number, place: number): void;
}

/** @param hashAt the 32-bit hash of the id of the test at a place */
export function makeSeenIds(
  hashAt: (place: number) => number,
  isSameId: (one: number, other: number) => boolean,
): SeenIds {
  let slots = new Uint32Array(1024);
  let used = 0;
  const slotAfter = (hash: number): number => Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) & (slots.length - 1);
  const find = (hash: number, place: number): number => {
    for (let slot = slotAfter(hash); ; slot = (slot + 1) & (slots.length - 1)) {
      const entry = slots[slot] as number;
      if (entry === 0) return -1;
      if (hashAt(entry - 1) === hash && isSameId(entry - 1, place)) return entry - 1;
    }
  };
  const put = (hash: number, entry: number): void => {
    let slot = slotAfter(hash);
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = entry;
  };
  const add = (hash: number, place: number): void => {
    used += 1;
    if (used * 2 > slots.length) {
      const old = slots;
      slots = new Uint32Array(2 * old.length);
      for (const entry of old) if (entry !== 0) put(hashAt(entry - 1), entry);
    }
    put(hash, place + 1);
  };
  return { find, add };
}
