/** Which ids there are: a hash table over the places of tests, so that no id is kept for it. */
export interface SeenIds {
  /** The place of the test with this id, or -1; the id's text is made only where a hash is there. */
  find(hash: number, id: () => string): number;
  /** @param hash 32 bits */
  add(hash: number, place: number): void;
}

export function makeSeenIds(idAt: (place: number) => string): SeenIds {
  /** Places plus 1; 0 is free. */
  let slots = new Uint32Array(1024);
  let hashes = new Int32Array(1024);
  let used = 0;
  const slotOf = (hash: number): number => Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) & (slots.length - 1);
  const find = (hash: number, id: () => string): number => {
    for (let slot = slotOf(hash); slots[slot] !== 0; slot = (slot + 1) & (slots.length - 1)) {
      const other = (slots[slot] as number) - 1;
      if (hashes[slot] === hash && idAt(other) === id()) return other;
    }
    return -1;
  };
  const put = (hash: number, entry: number): void => {
    let slot = slotOf(hash);
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = entry;
    hashes[slot] = hash;
  };
  const grow = (): void => {
    const [oldSlots, oldHashes] = [slots, hashes];
    slots = new Uint32Array(2 * oldSlots.length);
    hashes = new Int32Array(2 * oldSlots.length);
    for (let slot = 0; slot < oldSlots.length; slot += 1) {
      if (oldSlots[slot] !== 0) put(oldHashes[slot] as number, oldSlots[slot] as number);
    }
  };
  const add = (hash: number, place: number): void => {
    used += 1;
    if (used * 2 > slots.length) grow();
    put(hash, place + 1);
  };
  return { find, add };
}
