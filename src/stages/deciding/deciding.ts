import { endsKnown } from '../../analysis/why-chain.ts';
import type { Cause } from '../../core/record.ts';
import { allows } from '../../core/words.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import { fingerprintIn } from '../cause-keys.ts';
import { handledCauses } from '../handled-causes.ts';
import type { StageParts } from '../parts.ts';
import { sameRevert } from '../same-revert.ts';
import { triedFixes } from '../tried-fixes.ts';
import { pullLimitReached } from './pull-budget.ts';

type Parts = Pick<StageParts, 'environment' | 'pipeline' | 'forge' | 'options' | 'fixers'>;

/** Takes the next cause and says what may be done about it: nothing new, a fix, or an issue for a person. */
export function deciding(parts: Parts): Stage<'deciding'> {
  return async (run) => {
    const handled = handledCauses(run);
    const cause = run.record.causes.find((one) => !handled.has(one.fingerprint));
    if (!cause) return { facts: { choice: 'none', cause: null }, patch: {}, said: 'no cause is left', ok: true };
    const { choice, because } = await choose(cause, parts, run);
    return { facts: { choice, cause: cause.fingerprint }, patch: {}, said: `${cause.title}: ${because}`, ok: true };
  };
}

type Choice = { choice: 'existing-pull' | 'fix' | 'issue'; because: string };

async function choose(cause: Cause, parts: Parts, run: StageRun): Promise<Choice> {
  const issue = (because: string): Choice => ({ choice: 'issue', because: `an issue for a person: ${because}` });
  if (run.task.refused) return issue(refusal(run));
  if (run.task.expired) return issue('the time is used up');
  if (cause.class !== 'product' && cause.class !== 'config') return issue(`its class is ${cause.class}`);
  if (!endsKnown(cause.whys)) return issue('the why chain does not end at something that can be changed');
  if (cause.tests.length === 0) return issue('no test shows it, so no fix could be proven');
  if (!allows(parts.options.level, 'propose')) return issue(`level ${parts.options.level} proposes no fixes`);
  if (parts.fixers.length === 0) return issue('the pipeline names no fixer');
  const pulls = await parts.forge.pulls(run.signal);
  if (!pulls.ok) return issue(`the pull requests could not be read: ${pulls.failure.message}`);
  const own = pulls.value.filter((pull) => fingerprintIn(pull.key) === cause.fingerprint);
  const open = own.find((pull) => pull.state === 'open');
  if (open) return { choice: 'existing-pull', because: `pull request #${open.number} is open and proven` };
  const attempts = await triedFixes(cause.fingerprint, run);
  const { fixesPerCause, openPulls, pullsPerRun } = parts.environment.limits;
  if (attempts.length >= fixesPerCause)
    return issue(`${attempts.length} fixes were tried, the limit is ${fixesPerCause}`);
  const attempt = attempts.length + 1;
  const fixer = parts.fixers[(attempt - 1) % parts.fixers.length];
  const same = fixer?.name === 'revert-commit' ? sameRevert(cause, attempt, run.record) : null;
  if (same) return issue(`pull request #${same.pull} takes its first suspect ${same.commit.slice(0, 12)} back already`);
  const ofThisRun = run.record.published.filter((one) => one.kind === 'pull' && one.action === 'created').length;
  const limit = pullLimitReached(pulls.value, { openPulls, pullsPerRun, ofThisRun, now: run.now() });
  if (limit !== null) return issue(limit);
  return { choice: 'fix', because: `attempt ${attempt} of ${fixesPerCause}` };
}

/** Silence is no word of a person. */
function refusal({ record }: StageRun): string {
  return record.approvals.at(-1)?.decision === 'expired'
    ? 'nobody approved the fix in time'
    : 'a person refused the fix';
}
