const unitsMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `8h`, `90m`, `30s`, `1d` in milliseconds; null for anything else. */
export function durationMs(text: string): number | null {
  const [, number, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (number === undefined || unit === undefined || Number(number) === 0) return null;
  return Number(number) * unitsMs[unit as keyof typeof unitsMs];
}
