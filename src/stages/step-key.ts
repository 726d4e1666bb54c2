import { sha256 } from '../core/canonical-json.ts';

const digits = 40;

/** The value of the label `loop-step`: names one effect of one run; lower-case hex, as a label may be. */
export function stepKey(run: string, key: string): string {
  return sha256(`${run} ${key}`).slice(0, digits);
}
