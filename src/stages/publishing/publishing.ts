import type { Cause, Published } from '../../core/record.ts';
import type { Failure } from '../../core/result.ts';
import { allows } from '../../core/words.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import { fingerprintIn } from '../cause-keys.ts';
import { currentCause, currentFix } from '../current-cause.ts';
import { handledCauses } from '../handled-causes.ts';
import { problemOf } from '../trouble.ts';
import { closePassing } from './close-passing.ts';
import { publishIssue } from './publish-issue.ts';
import { publishPull } from './publish-pull.ts';
import type { PublishingParts } from './publishing-parts.ts';
import { stateOfIssues } from './state-of-issues.ts';

/** What the world is told: the issue first, then the pull request that refers to it; and issues whose fix is proven in place are closed. */
export function publishing(parts: PublishingParts): Stage<'publishing'> {
  return async (run) => {
    const openIssues = await stateOfIssues(parts, run);
    if (!allows(parts.options.level, 'report')) {
      return {
        facts: { causesLeft: 0 },
        patch: { context: { ...run.record.context, openIssues } },
        said: `level ${parts.options.level}: nothing is published`,
        ok: true,
      };
    }
    const outcome =
      run.task.cause === null || !hasCause(run)
        ? await closePassing(openIssues, parts, run)
        : await publishCause(parts, run);
    const published = [...run.record.published, ...outcome.published];
    const handled = handledCauses({ ...run, record: { ...run.record, published } });
    const causesLeft = outcome.failure
      ? 0
      : run.record.causes.filter((cause) => !handled.has(cause.fingerprint)).length;
    const problems = outcome.failure
      ? [...run.record.problems, problemOf('publishing', outcome.failure, false)]
      : run.record.problems;
    return {
      facts: { causesLeft },
      patch: { published, problems, context: { ...run.record.context, openIssues } },
      said: outcome.failure ? `not published: ${outcome.failure.message}` : sentence(outcome.published),
      ok: outcome.failure === null,
    };
  };
}

interface Outcome {
  readonly published: Published[];
  readonly failure: Failure | null;
}

function hasCause(run: StageRun): boolean {
  return run.record.causes.some((cause) => cause.fingerprint === run.task.cause);
}

async function publishCause(parts: PublishingParts, run: StageRun): Promise<Outcome> {
  const cause = currentCause(run);
  const fix = currentFix(run);
  const proven = fix?.proof?.holds === true && !run.task.refused;
  const issue = await publishIssue(cause, parts, run);
  if (!issue.ok) return { published: [], failure: issue.failure };
  if (!proven || !fix) return { published: [issue.value, ...(await openPulls(cause, parts, run))], failure: null };
  const pull = await publishPull({ cause, fix, issue: issue.value.number }, parts, run);
  if (!pull.ok) return { published: [issue.value], failure: pull.failure };
  return { published: [issue.value, pull.value], failure: null };
}

/** A proven fix that waits for a person already: told, and left alone. */
async function openPulls(cause: Cause, parts: PublishingParts, run: StageRun): Promise<Published[]> {
  const pulls = await parts.forge.pulls(run.signal);
  const own = pulls.ok
    ? pulls.value.filter((pull) => pull.state === 'open' && fingerprintIn(pull.key) === cause.fingerprint)
    : [];
  return own.map(({ number, url, title, key }) => {
    const because = 'its fix is proven and open since an earlier run';
    return { kind: 'pull', action: 'none', number, url, title, key: key ?? '', because, cycle: run.task.cycle };
  });
}

function sentence(published: readonly Published[]): string {
  if (published.length === 0) return 'nothing to publish';
  return published
    .map(
      (one) =>
        `${one.kind === 'pull' ? 'pull request' : one.kind === 'close' ? 'issue' : one.kind} #${one.number} ${one.action === 'none' ? 'is there already' : one.action}`,
    )
    .join(', ');
}
