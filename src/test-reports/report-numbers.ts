/** `1,234.5` seconds are 1234500 ms; null for what is no time: `NaN`, `1e999`, a negative one. */
export function millisecondsOf(seconds: string): number | null {
  const plain = /^\s*\d{1,3}(?:,\d{3})+(?:\.\d*)?\s*$/.test(seconds) ? seconds.replaceAll(',', '') : seconds;
  const value = plain.trim() === '' ? Number.NaN : Number(plain);
  return Number.isFinite(value) && value >= 0 ? Math.round(value * 1e6) / 1e3 : null;
}

/** A count as written: null for anything but a whole number that a computer can hold. */
export function countOf(text: string): number | null {
  const value = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
}
