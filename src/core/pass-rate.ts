/** Passed of selected in permille, rounded down: a rate is never shown better than it is. Of nothing it is 0, never green. */
export function passRatePermille(passed: number, selected: number): number {
  return selected === 0 ? 0 : Math.floor((passed * 1000) / selected);
}

/** Whether `passed` of `selected` reach the threshold, in integers. No data is never green, whatever the threshold. */
export function meetsGate(passed: number, selected: number, thresholdPermille: number): boolean {
  return selected > 0 && passed * 1000 >= thresholdPermille * selected;
}

/** Whether so many red tests lose the gate whatever comes: at 100 % one does, else only where it is known how many there are. */
export function redLosesGate(red: number, collected: number | null, thresholdPermille: number): boolean {
  if (red === 0) return false;
  if (thresholdPermille === 1000) return true;
  return collected !== null && !meetsGate(collected - red, collected, thresholdPermille);
}

/**
 * The number of the non-pass (failed, errored or skipped) that makes the gate unreachable: N − ⌈p·N⌉ + 1.
 * It is greater than `selected` when no non-pass can (a threshold of 0).
 */
export function lostAtNonPass(selected: number, thresholdPermille: number): number {
  return selected - passesNeededFor(selected, thresholdPermille) + 1;
}

function passesNeededFor(selected: number, thresholdPermille: number): number {
  return Math.floor((thresholdPermille * selected + 999) / 1000);
}
