const factor = 0x01000193;

/** One more byte of a text; begins with 0. 32 bits. */
export function hashNext(hash: number, byte: number): number {
  return (Math.imul(hash, factor) + byte + 1) | 0;
}

export function hashOf(bytes: Uint8Array): number {
  let hash = 0;
  for (let at = 0; at < bytes.length; at += 1) hash = hashNext(hash, bytes[at] as number);
  return hash;
}

/** The hash of two texts joined: an id's is that of what stands before the name, and that of the name. */
export function joinHash(left: number, right: number, rightLength: number): number {
  return (Math.imul(left, powerOf(rightLength)) + right) | 0;
}

const powers = [1];

function powerOf(exponent: number): number {
  if (exponent >= 4096) {
    const half = powerOf(exponent >> 1);
    return Math.imul(Math.imul(half, half), exponent % 2 === 0 ? 1 : factor);
  }
  for (let known = powers.length; known <= exponent; known += 1)
    powers[known] = Math.imul(powers[known - 1] ?? 1, factor);
  return powers[exponent] as number;
}
