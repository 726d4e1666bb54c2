/** Time comes in by argument everywhere in the emulator. */
export interface Clock {
  /** An instant in UTC with nanoseconds, `2025-09-16T00:42:59.910054001Z`, later than every one told before. */
  now(): string;
}

const nanosPerMs = 1_000_000n;
const nanosPerSecond = 1_000_000_000n;

export function systemClock(): Clock {
  let last = 0n;
  return {
    now() {
      const wall = BigInt(Date.now()) * nanosPerMs + (process.hrtime.bigint() % nanosPerMs);
      last = wall > last ? wall : last + 1n;
      return fromNanos(last);
    },
  };
}

/** Nanoseconds since 1970 as an instant with nine decimals: such texts sort by time. */
export function fromNanos(nanos: bigint): string {
  const seconds = nanos / nanosPerSecond;
  const rest = String(nanos % nanosPerSecond).padStart(9, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${rest}Z`;
}

/** Null for text that is not an RFC 3339 instant (a date alone counts as its first moment). */
export function toNanos(instant: string): bigint | null {
  const match = /^(\d{4}-\d\d-\d\d)(?:[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d))?$/.exec(instant);
  if (match === null) return null;
  const [, date, time = '00:00:00', fraction = '', zone = 'Z'] = match;
  const ms = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(ms) ? null : BigInt(ms) * nanosPerMs + BigInt(fraction.padEnd(9, '0'));
}

/** The protobuf shape of an instant. */
export function toTimestamp(instant: string): { seconds: string; nanos: number } | null {
  const nanos = toNanos(instant);
  return nanos === null ? null : { seconds: String(nanos / nanosPerSecond), nanos: Number(nanos % nanosPerSecond) };
}

export function fromTimestamp(timestamp: { seconds: string; nanos: number }): string {
  return fromNanos(BigInt(timestamp.seconds) * nanosPerSecond + BigInt(timestamp.nanos));
}
