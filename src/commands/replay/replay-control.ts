import { z } from 'zod';
import type { Control } from '../../core/record.ts';
import type { CheckedEvidence } from './check-evidence.ts';

const Repeat = z.object({ passed: z.array(z.string()), red: z.array(z.object({ id: z.string() })) });

/**
 * Each control row again from the stored facts of its repeats, the candidate's first. A repeat that was no evidence stays `-`:
 * more than its own artefacts tells that.
 */
export function replayControl(control: readonly Control[], evidence: CheckedEvidence): Control[] {
  return control.map((one) => {
    const { candidate, reference } = one;
    const repeats = one.evidence
      .flatMap((id) => evidence.files.get(id) ?? [])
      .filter(({ kind }) => kind === 'attempt')
      .map(({ text }) => Repeat.parse(JSON.parse(text)));
    if (candidate === null || reference === null || repeats.length === 0) return one;
    const count = candidate.runs.length;
    const again = (recorded: string, list: typeof repeats) =>
      [...recorded].map((letter, n) => (letter === '-' ? '-' : letterOf(one.test, list[n]))).join('');
    return {
      ...one,
      candidate: { ...candidate, runs: again(candidate.runs, repeats.slice(0, count)) },
      reference: { ...reference, runs: again(reference.runs, repeats.slice(count)) },
    };
  });
}

function letterOf(test: string, repeat: z.infer<typeof Repeat> | undefined): string {
  if (repeat?.red.some(({ id }) => id === test)) return 'F';
  return repeat?.passed.includes(test) ? 'P' : '-';
}
