import type { Finding } from './finding.ts';
import { hintFor } from './nearest.ts';
import type { PipelineConfig } from './pipeline.ts';

/** `quarantine:` and `known:` name suites that exist, each test once, and days that have not passed; `today` is `yyyy-mm-dd` in UTC. */
export function checkExcuses(
  { quarantine, known, suites }: Pick<PipelineConfig, 'quarantine' | 'known' | 'suites'>,
  today?: string,
): Finding[] {
  const names = Object.keys(suites);
  const seen = new Set<string>();
  return [
    ...quarantine.map((entry, index) => ({ list: 'quarantine', entry, index })),
    ...known.map((entry, index) => ({ list: 'known', entry, index })),
  ].flatMap(({ list, entry, index }) => {
    const at = (key: string) => ({ path: [list, index, key], at: 'value' as const });
    const findings: Finding[] = [];
    if (!names.includes(entry.suite)) {
      const hint = hintFor(entry.suite, names, 'suites');
      findings.push({ ...at('suite'), message: `unknown suite "${entry.suite}"`, hint });
    }
    const key = JSON.stringify([entry.suite, entry.test]);
    if (seen.has(key)) findings.push({ ...at('test'), message: 'this test has an entry already', hint: 'keep one' });
    seen.add(key);
    if (today !== undefined && entry.until < today) {
      const hint = `mend the test and take the entry out, or ask ${entry.owner} for a later day (${entry.issue})`;
      findings.push({ ...at('until'), message: `expired: ${entry.until} is before ${today}`, hint });
    }
    return findings;
  });
}
