export interface Spread {
  readonly p50: number;
  readonly p95: number;
  readonly n: number;
}

/** Nearest-rank percentiles of measured milliseconds, to a tenth; null when nothing was measured. */
export function spreadOf(samplesMs: readonly number[]): Spread | null {
  if (samplesMs.length === 0) return null;
  const sorted = samplesMs.toSorted((left, right) => left - right);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const rounded = (ms: number) => Math.round(ms * 10) / 10;
  return { p50: rounded(at(0.5)), p95: rounded(at(0.95)), n: sorted.length };
}
