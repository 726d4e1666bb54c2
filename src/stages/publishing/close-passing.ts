import { codeSpan } from '../../core/markdown-text.ts';
import type { Cause, Published, RunRecord } from '../../core/record.ts';
import type { Failure } from '../../core/result.ts';
import type { PullFacts } from '../../ports/forge.ts';
import { plain } from '../../ports/journal.ts';
import type { StageRun } from '../../ports/stage.ts';
import { fingerprintIn } from '../cause-keys.ts';
import { suitesOf } from '../cause-tests.ts';
import { handledCauses } from '../handled-causes.ts';
import { publishIssue } from './publish-issue.ts';
import type { PublishingParts } from './publishing-parts.ts';

type OpenIssue = RunRecord['context']['openIssues'][number];

/** Law 10: an issue is closed only on an explicit pass, on a revision that contains its fix. Issues of causes left are written when time is up. */
export async function closePassing(
  openIssues: readonly OpenIssue[],
  parts: PublishingParts,
  run: StageRun,
): Promise<{ published: Published[]; failure: Failure | null }> {
  const published: Published[] = [];
  if (run.task.expired) {
    const handled = handledCauses(run);
    for (const cause of run.record.causes.filter((one) => !handled.has(one.fingerprint))) {
      const told = { ...run, record: { ...run.record, published: [...run.record.published, ...published] } };
      const issue = await publishIssue(cause, parts, told);
      if (!issue.ok) return { published, failure: issue.failure };
      published.push(issue.value);
    }
    return { published, failure: null };
  }
  const passing = openIssues.filter((issue) => issue.state === 'not-reproduced');
  if (passing.length === 0) return { published, failure: null };
  const pulls = await parts.forge.pulls(run.signal);
  if (!pulls.ok) return { published, failure: pulls.failure };
  for (const issue of passing) {
    const cause = await run.memory.cause(fingerprintIn(issue.key) ?? '');
    const merged = pulls.value.filter(
      (pull) => pull.state === 'merged' && fingerprintIn(pull.key) === cause?.fingerprint,
    );
    const proof = cause ? await containing(cause, merged, parts, run) : null;
    if (!proof) {
      run.note(`issue #${issue.number} stays open: its tests pass, but no merged fix is in the tested revision`);
      continue;
    }
    const closed = await close(issue, proof, parts, run);
    if ('failure' in closed) return { published, failure: closed.failure };
    published.push(closed);
  }
  return { published, failure: null };
}

interface Containing {
  readonly pull: PullFacts;
  readonly revision: string;
  readonly how: string;
}

/** The tested revision contains the fix: its merge commit is an ancestor, or the same change is under another name. */
async function containing(
  cause: Cause,
  merged: readonly PullFacts[],
  parts: PublishingParts,
  run: StageRun,
): Promise<Containing | null> {
  const services = suitesOf(cause.tests).map((suite) => parts.pipeline.suites[suite]?.service ?? '');
  const tested = testedRevision(services, run);
  if (!tested) return null;
  for (const pull of merged) {
    const how = await containedHow(pull, tested.commit, parts, run);
    if (how) return { pull, revision: tested.revision, how };
  }
  return null;
}

async function containedHow(
  pull: PullFacts,
  commit: string,
  parts: PublishingParts,
  run: StageRun,
): Promise<string | null> {
  if (pull.mergeCommit === commit) return `it is built from the merge commit ${commit.slice(0, 12)}`;
  if (pull.mergeCommit) {
    const contains = await parts.repository.contains(commit, pull.mergeCommit, run.signal);
    if (contains.ok && contains.value)
      return `merge commit ${pull.mergeCommit.slice(0, 12)} is an ancestor of its commit ${commit.slice(0, 12)}`;
  }
  const head = await parts.repository.contains(commit, pull.headCommit, run.signal);
  return head.ok && head.value
    ? `commit ${pull.headCommit.slice(0, 12)} is an ancestor of its commit ${commit.slice(0, 12)}`
    : samePatch(pull, commit, parts, run);
}

const commitsLooked = 50;

async function samePatch(
  pull: PullFacts,
  commit: string,
  parts: PublishingParts,
  run: StageRun,
): Promise<string | null> {
  const wanted = await parts.repository.patchId(pull.headCommit, run.signal);
  const commits = await parts.repository.commitsBetween(pull.headCommit, commit, run.signal);
  if (!wanted.ok || !commits.ok) return null;
  for (const one of commits.value.slice(0, commitsLooked)) {
    const id = await parts.repository.patchId(one.sha, run.signal);
    if (id.ok && id.value === wanted.value)
      return `commit ${one.sha.slice(0, 12)} is the same change as ${pull.headCommit.slice(0, 12)}`;
  }
  return null;
}

function testedRevision(services: readonly string[], run: StageRun): { revision: string; commit: string } | null {
  const of = run.record.deployments.filter((one) => services.includes(one.service) && one.failure === null);
  const tested = of.find((one) => one.role === 'candidate') ?? of.find((one) => one.role === 'stable');
  return tested?.revision && tested.commit ? { revision: tested.revision, commit: tested.commit } : null;
}

async function close(
  issue: OpenIssue,
  proof: Containing,
  parts: PublishingParts,
  run: StageRun,
): Promise<Published | { failure: Failure }> {
  const key = `${issue.key}/closed/${run.record.run.id}`;
  const because = `its tests pass on ${proof.revision}, which contains the fix of #${proof.pull.number}: ${proof.how}`;
  type Stored = { ok: true; url: string } | { ok: false; failure: Failure };
  const stored = await run.journal.effect<Stored>(
    `${run.key}/close/${issue.number}`,
    { key },
    {
      find: async () => {
        const issues = await parts.forge.issues(run.signal);
        const now = issues.ok ? issues.value.find((one) => one.number === issue.number) : undefined;
        return now?.state === 'closed' ? plain<Stored>({ ok: true, url: now.url }) : null;
      },
      perform: async () => {
        const body = `Closed: the tests of this issue pass on revision ${codeSpan(proof.revision)} in run ${codeSpan(run.record.run.id)}. It contains the fix of pull request #${proof.pull.number}: ${proof.how}. Evidence: ${codeSpan(`loop show ${run.record.run.id}`)}.`;
        const comment = await parts.forge.comment({ key, number: issue.number, body }, run.signal);
        if (!comment.ok) return plain<Stored>(comment);
        const closed = await parts.forge.setIssueState({ key, number: issue.number, state: 'closed' }, run.signal);
        return plain<Stored>(closed.ok ? { ok: true, url: closed.value.url } : closed);
      },
    },
  );
  if (!stored.ok) return { failure: stored.failure };
  return {
    kind: 'close',
    action: 'closed',
    number: issue.number,
    url: stored.url,
    title: issue.title,
    key: issue.key,
    because,
    cycle: run.task.cycle,
  };
}
