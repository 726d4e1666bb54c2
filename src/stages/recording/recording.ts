import type { RunRecord } from '../../core/record.ts';
import { allows } from '../../core/words.ts';
import type { Stage } from '../../ports/stage.ts';
import { candidateTag } from '../cause-keys.ts';
import { judgedWorktree } from '../judged-place.ts';
import { overrideUnused } from '../override-words.ts';
import type { StageParts } from '../parts.ts';
import { removeFailed, sweepTagged } from '../remove-tagged.ts';
import { impactOf } from './impact.ts';
import { leaveQuarantine } from './leave-quarantine.ts';
import { nextSteps } from './next-steps.ts';
import { proposeEnforce } from './propose-enforce.ts';
import { rememberGood } from './remember-good.ts';
import { compareAndRemember } from './suite-history.ts';
import { type TrafficLeft, trafficLeft } from './traffic-left.ts';

type Parts = Pick<
  StageParts,
  'environment' | 'pipeline' | 'selection' | 'options' | 'override' | 'deployer' | 'repository'
>;

const nothingLeft: TrafficLeft = { moves: [], problems: [], next: [] };

/** The last stage of a cycle: what is next, what is at risk, which revisions are good; and the house is left tidy. */
export function recording(parts: Parts): Stage<'recording'> {
  return async (run) => {
    const { record } = run;
    if (record.verdict?.value === 'GO') await rememberGood(parts.pipeline, run);
    if (!parts.options.dryRun && allows(parts.options.level, 'propose')) {
      await removeFailed(parts, run);
      await sweepTagged(candidateTag(record.run.head), parts, run);
    }
    const left = parts.options.dryRun ? nothingLeft : await trafficLeft(parts, run);
    const problems = [...record.problems, ...left.problems];
    const now = { ...record, problems };
    const phases = parts.options.dryRun ? record.phases : await compareAndRemember(run, parts.pipeline.suites);
    const compared = { ...run, record: { ...record, phases } };
    const proposed = parts.options.dryRun
      ? []
      : [...(await leaveQuarantine(parts.pipeline, compared)), ...(await proposeEnforce(parts.pipeline, compared))];
    await parts.repository.removeWorktree(judgedWorktree(run), run.signal);
    const unused = overrideUnused(record, parts, run.redact);
    for (const one of unused) run.note(one);
    const patch: Partial<RunRecord> = {
      overrides: [...record.overrides, ...unused],
      impact: impactOf(record, parts.pipeline),
      problems,
      phases,
      trafficMoves: [...record.trafficMoves, ...left.moves],
      next: parts.options.dryRun
        ? record.next
        : [...nextSteps(now, { ...parts.options, cycle: run.task.cycle }), ...left.next, ...proposed],
    };
    const verdict = record.verdict;
    return {
      facts: { written: true },
      patch,
      said: verdict ? `${verdict.value}: ${verdict.reason}` : withoutVerdict(parts.options.dryRun),
      ok: true,
    };
  };
}

function withoutVerdict(dryRun: boolean): string {
  return dryRun ? 'the plan is written; nothing was changed' : 'no verdict: the run ended before all was judged';
}
