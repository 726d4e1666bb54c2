import { createHash } from 'node:crypto';
import { own } from './capture.ts';

/** Made by the XML parser without a prototype, so that `__proto__` is a name like any other. */
export type Attributes = Readonly<Record<string, string>>;

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

/** A name without terminal colours; one that is too long keeps its beginning and ends in a hash of the whole. */
export function tidyName(name: string, charsMax: number): string {
  const plain = withoutColours(name);
  if (plain.length <= charsMax) return own(plain);
  return `${plain.slice(0, charsMax)}…${createHash('sha256').update(plain).digest('hex').slice(0, 12)}`;
}

/** The escape character itself has become U+FFFD before. */
export function withoutColours(text: string): string {
  return text.includes('\uFFFD[') ? text.replace(/\uFFFD\[[0-9;]*[A-Za-z]/g, '') : text;
}
