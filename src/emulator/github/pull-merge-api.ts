import { z } from 'zod';
import { ok, refuse } from './answer.ts';
import { readBody } from './call.ts';
import { type CommitFacts, readCommits } from './git-commits.ts';
import { type MergeMethod, writeMerge } from './git-merge.ts';
import { moveRef, readRef } from './git-refs.ts';
import { editIssue, issueEffect } from './issues-api.ts';
import { inPull } from './pulls-api.ts';
import type { PullIssue } from './records.ts';
import type { Repository } from './repository.ts';
import { mailOf } from './user-shape.ts';

const mergeBody = z.object({
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
  sha: z.string().optional(),
  commit_title: z.string().nullish(),
  commit_message: z.string().nullish(),
});

/**
 * Merges in one of GitHub's three ways. The intent is stored before the base moves, so that a merge which a kill cuts off is
 * recognised by its commit; that the pull request is merged is then read from the branches, as after a push.
 */
export const mergePull = inPull(async (call, repository, issue) => {
  const body = readBody(call, mergeBody);
  if (!body.ok) return body.answer;
  const { merge_method: method, sha } = body.value;
  const { pull } = issue;
  if (issue.state === 'closed') return refuse(405, 'Pull Request is not mergeable');
  if (pull.draft) return refuse(405, 'Pull Request is still a draft');
  if (sha !== undefined && sha !== pull.head.sha) {
    return refuse(409, 'Head branch was modified. Review and try the merge again.');
  }
  const baseRef = `refs/heads/${pull.base.ref}`;
  const base = (await readRef(repository.git, baseRef))?.sha;
  if (base === undefined) return refuse(405, 'Pull Request is not mergeable');
  const at = Math.floor(Date.parse(call.forge.now()) / 1000);
  const merger = { name: call.forge.login, email: mailOf(call.forge.login), at };
  const tip = await writeMerge(repository.git, {
    method,
    base,
    head: pull.head.sha,
    message: await mergeMessage(repository, issue, base, method, body.value),
    author: merger,
    // GitHub signs what it writes itself; rebased commits are written in the name of who merges.
    committer: method === 'rebase' ? merger : { name: 'GitHub', email: 'noreply@github.com', at },
  });
  if (tip === null) {
    return refuse(405, method === 'rebase' ? "This branch can't be rebased" : 'Pull Request is not mergeable');
  }
  await setMerging(repository, issue.number, { sha: tip, base });
  if (!(await moveRef(repository.git, baseRef, base, tip))) {
    await setMerging(repository, issue.number, null);
    return refuse(409, 'Base branch was modified. Review and try the merge again.');
  }
  const effect = issueEffect(repository, issue, `merged by ${method} as ${tip}`);
  return ok({ sha: tip, merged: true, message: 'Pull Request successfully merged' }, effect);
});

async function setMerging(
  repository: Repository,
  number: number,
  merging: PullIssue['pull']['merging'],
): Promise<void> {
  await editIssue(repository, number, (_, target) => {
    if (target.pull !== null) target.pull.merging = merging;
  });
}

/** GitHub's own words, where the caller gives none. */
async function mergeMessage(
  repository: Repository,
  issue: PullIssue,
  base: string,
  method: MergeMethod,
  given: { commit_title?: string | null | undefined; commit_message?: string | null | undefined },
): Promise<string> {
  if (method === 'rebase') return '';
  const range = ['--reverse', '--topo-order', '--no-merges', `${base}..${issue.pull.head.sha}`];
  const words =
    method === 'squash'
      ? squashWords(issue, await readCommits(repository.git, range))
      : {
          title: `Merge pull request #${issue.number} from ${repository.record().owner}/${issue.pull.head.ref}`,
          text: issue.title,
        };
  return `${given.commit_title || words.title}\n\n${given.commit_message ?? words.text}`.trimEnd();
}

function squashWords(issue: PullIssue, commits: readonly CommitFacts[]): { title: string; text: string } {
  const [only, ...more] = commits.map(splitMessage);
  if (only !== undefined && more.length === 0) return { title: `${only.subject} (#${issue.number})`, text: only.text };
  const text = commits.map(({ message }) => `* ${message}`).join('\n\n');
  return { title: `${issue.title} (#${issue.number})`, text };
}

function splitMessage({ message }: CommitFacts): { subject: string; text: string } {
  const [subject = '', ...rest] = message.split('\n');
  return { subject, text: rest.join('\n').trim() };
}
