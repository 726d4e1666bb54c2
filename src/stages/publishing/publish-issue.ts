import { plainLine } from '../../core/markdown-text.ts';
import type { Cause, Evidence, Published, RunRecord } from '../../core/record.ts';
import { type Failure, fail, type Result, succeed } from '../../core/result.ts';
import type { IssueFacts } from '../../ports/forge.ts';
import { plain } from '../../ports/journal.ts';
import type { StageRun } from '../../ports/stage.ts';
import { issueKey } from '../cause-keys.ts';
import { issueBody } from './issue-body.ts';
import type { PublishingParts } from './publishing-parts.ts';

type Stored = { ok: true; published: Published } | { ok: false; failure: Failure };

const labelsMax = 4;

/** One issue for each cause, over all runs: made once, opened again when its fault comes back, left alone when it is open. */
export async function publishIssue(cause: Cause, parts: PublishingParts, run: StageRun): Promise<Result<Published>> {
  const key = issueKey(cause.fingerprint);
  const stored = await run.journal.effect<Stored>(
    `${run.key}/issue/${cause.fingerprint}`,
    { key },
    {
      find: async () => {
        const issues = await parts.forge.issues(run.signal);
        if (!issues.ok) return plain<Stored>({ ok: false, failure: issues.failure });
        const known = issues.value.find((one) => one.key === key);
        return known ? plain(await knownIssue(known, cause, parts, run)) : null;
      },
      perform: async () => plain(await newIssue(key, cause, parts, run)),
    },
  );
  return stored.ok ? succeed(stored.published) : stored;
}

async function knownIssue(issue: IssueFacts, cause: Cause, parts: PublishingParts, run: StageRun): Promise<Stored> {
  if (issue.state === 'open') return done(issue, 'none', 'it is open already', run);
  const key = `${issueKey(cause.fingerprint)}/reopened/${run.record.run.id}`;
  const body = `The fault came back in run ${run.record.run.id} on ${revisionOf(cause, run)}.`;
  // The comment has a key and the state has none: a crash in between finds the issue closed, and does both again.
  const comment = await parts.forge.comment({ key, number: issue.number, body }, run.signal);
  if (!comment.ok) return comment;
  const reopened = await parts.forge.setIssueState({ key, number: issue.number, state: 'open' }, run.signal);
  return reopened.ok ? done(reopened.value, 'reopened', 'its fault came back', run) : reopened;
}

async function newIssue(key: string, cause: Cause, parts: PublishingParts, run: StageRun): Promise<Stored> {
  const made = run.record.published.filter((one) => one.kind === 'issue' && one.action === 'created').length;
  const { newIssues } = parts.environment.limits;
  if (made >= newIssues) return fail('quota', `${made} issues were opened in this run, the limit is ${newIssues}`);
  const labels = [...parts.pipeline.publish.labels, ...(cause.priority ? [cause.priority] : [])].slice(0, labelsMax);
  const request = {
    key,
    title: titleOf(cause, parts, run.record),
    body: issueBody(cause, { ...run.record, evidence: await citedEvidence(cause, run) }),
    labels,
  };
  const opened = await parts.forge.openIssue(request, run.signal);
  return opened.ok ? done(opened.value, 'created', 'a cause that no issue tells of', run) : opened;
}

/** What the whys cite, with the hashes that a copy can be checked by. */
async function citedEvidence(cause: Cause, run: StageRun): Promise<Evidence[]> {
  const ids = new Set([...cause.whys, ...(cause.survived ? [cause.survived] : [])].flatMap((why) => why.evidence));
  const found = await Promise.all([...ids].map((id) => run.evidence(id)));
  return found.filter((one) => one !== null);
}

function done(issue: IssueFacts, action: Published['action'], because: string, run: StageRun): Stored {
  const { number, url, title, key } = issue;
  return {
    ok: true,
    published: { kind: 'issue', action, number, url, title, key: key ?? '', because, cycle: run.task.cycle },
  };
}

/** The pipeline's title with its placeholders filled; text from tests is inert in it. */
function titleOf(
  cause: Cause,
  parts: Pick<PublishingParts, 'pipeline'>,
  { control }: Pick<RunRecord, 'control'>,
): string {
  // A regression is what the control found on this revision alone; without one it is only red.
  const isRegression = control.some(
    (one) => one.means === 'revision' && cause.tests.includes(`${one.suite}: ${one.test}`),
  );
  const [first] = cause.tests;
  const test = first ? first.slice(first.indexOf(': ') + 2) : cause.title;
  const values: Record<string, string> = {
    reason: cause.class !== 'product' ? cause.class : isRegression || cause.tests.length === 0 ? 'regression' : 'red',
    test: test.split(' > ').at(-1) ?? test,
    suite: cause.suite ?? 'none',
    service: cause.services[0] ?? 'none',
    priority: cause.priority ?? 'none',
  };
  return plainLine(
    parts.pipeline.publish.title.replace(/\{(\w+)\}/g, (text, name: string) => values[name] ?? text),
    180,
  );
}

function revisionOf(cause: Cause, run: StageRun): string {
  const names = run.record.deployments.filter((one) => cause.services.includes(one.service) && one.failure === null);
  const candidate = names.find((one) => one.role === 'candidate') ?? names[0];
  return candidate?.revision ?? 'an unknown revision';
}
