/** What a byte of UTF-8 means to an XML scanner; several may be true of one. */
export const byteIs = { space: 1, name: 2, reference: 4, less: 8, bracket: 16, beyondAscii: 32, lineEnd: 64 } as const;

export const byteKinds = kindsOfBytes();

function kindsOfBytes(): Uint8Array {
  const kinds = new Uint8Array(256);
  const mark = (characters: string, kind: number): void => {
    for (const byte of Buffer.from(characters)) kinds[byte] = (kinds[byte] ?? 0) | kind;
  };
  mark(' \t\r\n', byteIs.space);
  mark('\t\r\n', byteIs.lineEnd);
  mark('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-._', byteIs.name);
  mark('&', byteIs.reference);
  mark('<', byteIs.less);
  mark(']', byteIs.bracket);
  for (let byte = 128; byte < 256; byte += 1) kinds[byte] = byteIs.beyondAscii;
  return kinds;
}

export function skipSpace(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && ((byteKinds[bytes[at] as number] as number) & byteIs.space) !== 0) at += 1;
  return at;
}

/** All kinds of the bytes in between. */
export function kindsIn(bytes: Uint8Array, from: number, to: number): number {
  let kinds = 0;
  for (let at = from; at < to; at += 1) kinds |= byteKinds[bytes[at] as number] as number;
  return kinds;
}

/** UTF-16 units of the text in between, as columns are counted. */
export function charsIn(bytes: Uint8Array, from: number, to: number): number {
  let chars = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] as number;
    if (byte < 0x80 || byte >= 0xc0) chars += byte >= 0xf0 ? 2 : 1;
  }
  return chars;
}

/** Whether there is a control character that XML does not allow. Looks at four bytes at once: most texts have none. */
export function hasControls(bytes: Uint8Array): boolean {
  const aligned = Math.min(bytes.length, (4 - (bytes.byteOffset & 3)) & 3);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + aligned, (bytes.length - aligned) >> 2);
  if (anyControl(bytes, 0, aligned) || anyControl(bytes, aligned + words.length * 4, bytes.length)) return true;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as number;
    const below32 = (word - 0x20202020) & ~word & 0x80808080;
    if (below32 !== 0 && anyControl(bytes, aligned + at * 4, aligned + at * 4 + 4)) return true;
  }
  return false;
}

function anyControl(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] as number;
    if (byte < 0x20 && byte !== 10 && byte !== 13 && byte !== 9) return true;
  }
  return false;
}
