import { selectionSha256 } from '../config/focus.ts';
import type { SuiteConfig } from '../config/pipeline.ts';
import type { SuiteRules } from '../core/evidence-rules/rule.ts';
import { passRatePermille } from '../core/pass-rate.ts';
import type { CriteriaBaseline } from '../core/suite-criteria.ts';
import { plain, proven } from '../ports/journal.ts';
import type { StageRun } from '../ports/stage.ts';
import type { SuiteParts } from './suite-parts.ts';

/** What earlier runs say of a suite, as far as it is judged by it; an attempt of some of its tests has no floor. Stored: a replay judges by the same. */
export interface HeldAgainst {
  readonly lastGood: SuiteRules['lastGood'];
  readonly baseline: CriteriaBaseline;
  readonly evidence: string | null;
}

/** Read once, before the suite runs. Nothing is stored where nothing is known. */
export function heldAgainst(
  key: string,
  suite: { readonly name: string; readonly config: SuiteConfig },
  { selection }: Pick<SuiteParts, 'selection'>,
  run: StageRun,
): Promise<HeldAgainst> {
  const { name, config } = suite;
  const selected = selectionSha256(selection);
  return run.journal.step<HeldAgainst>(key, { suite: name, selected }, async () => {
    const { history } = run.memory;
    const lastGood = await history.lastGood(name);
    const isAsked = config.criteria.some((one) => 'rate' in one);
    const baseline = isAsked ? rateOf(await history.baseline(name, selected)) : null;
    if (lastGood === null && baseline === null) return plain({ lastGood, baseline, evidence: null });
    const words = [
      lastGood && `${lastGood.tests} tests in the last good run ${lastGood.run}`,
      baseline && `${baseline.passRatePermille / 10} % passed in run ${baseline.run}`,
    ];
    const artifact = await run.artifacts.put({
      kind: 'held-against',
      source: `suite ${name} in earlier runs, from loop's own history`,
      at: run.now().toISOString(),
      content: JSON.stringify({ suite: name, lastGood, baseline }, null, 2),
      excerpt: words.filter(Boolean).join('; '),
    });
    return proven(artifact, (evidence) => ({ lastGood, baseline, evidence }));
  });
}

function rateOf(row: Awaited<ReturnType<StageRun['memory']['history']['baseline']>>): CriteriaBaseline {
  if (row === null || row.tests.length === 0) return null;
  const passed = row.tests.filter(({ outcome }) => outcome === 'P').length;
  return { run: row.run, passRatePermille: passRatePermille(passed, row.tests.length) };
}
