import { toNanos } from '../clock.ts';

/** Shaped as Cloud Run's: seconds and microseconds in hex, so that ids sort by time, and eight random digits. */
export function insertId(timestamp: string, random: () => number): string {
  const nanos = toNanos(timestamp) ?? 0n;
  const seconds = (nanos / 1_000_000_000n).toString(16).padStart(8, '0');
  const micros = ((nanos / 1000n) % 1_000_000n).toString(16).padStart(8, '0');
  return `${seconds}${micros}${hex(random, 8)}`;
}

export function hex(random: () => number, digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
}
