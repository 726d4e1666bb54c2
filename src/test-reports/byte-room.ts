/** Where bytes are collected; `length` of them are in use. */
export interface ByteRoom {
  bytes: Buffer;
  length: number;
}

export function makeByteRoom(bytes: number): ByteRoom {
  return { bytes: Buffer.allocUnsafeSlow(bytes), length: 0 };
}

/** Makes room for `more` bytes after those in use. */
export function makeRoom(room: ByteRoom, more: number): Buffer {
  if (room.length + more > room.bytes.length) {
    const wider = Buffer.allocUnsafeSlow(Math.max(2 * room.bytes.length, room.length + more));
    room.bytes.copy(wider, 0, 0, room.length);
    room.bytes = wider;
  }
  return room.bytes;
}

/** The bytes in use, with memory of their own that is no larger. */
export function usedBytes(room: ByteRoom): Buffer {
  const used = Buffer.allocUnsafeSlow(room.length);
  room.bytes.copy(used, 0, 0, room.length);
  return used;
}

/** Whether `known` stands in between. */
export function isSame(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let at = 0; at < known.length; at += 1) if (known[at] !== bytes[from + at]) return false;
  return true;
}
