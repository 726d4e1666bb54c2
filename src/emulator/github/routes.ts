import { notImplemented } from './answer.ts';
import type { Handler } from './call.ts';
import { createCheckRun, getCheckRun, listCheckRuns, updateCheckRun } from './check-runs-api.ts';
import {
  createComment,
  deleteComment,
  getComment,
  listComments,
  listIssueComments,
  updateComment,
} from './comments-api.ts';
import { compareCommits, getCommit, listCommits } from './commits-api.ts';
import { getContents } from './contents-api.ts';
import { createIssue, getIssue, listIssues, lockIssue, unlockIssue, updateIssue } from './issues-api.ts';
import {
  addIssueLabels,
  createLabel,
  getLabel,
  listIssueLabels,
  listLabels,
  removeIssueLabel,
  setIssueLabels,
} from './labels-api.ts';
import { mergePull } from './pull-merge-api.ts';
import { createPull, getPull, listPullCommits, listPullFiles, listPulls, updatePull } from './pulls-api.ts';
import { createRef, deleteRef, getBranch, getRef, listBranches, listMatchingRefs, updateRef } from './refs-api.ts';
import { createForOrganization, createForUser, getRepository, getUser } from './repositories-api.ts';
import { type Route, route } from './route.ts';
import { createStatus, getCombinedStatus, listStatuses } from './statuses-api.ts';

const repo = '/repos/{owner}/{repo}';

/** For what would otherwise be taken for the name of a branch or commit. */
const notDone: Handler = async ({ method, path }) => notImplemented(`${method} ${path}`);

/** Everything that is done of GitHub's REST API; the first line that fits wins. */
export const routes: readonly Route[] = [
  route('GET', '/user', getUser),
  route('POST', '/user/repos', createForUser),
  route('POST', '/orgs/{org}/repos', createForOrganization),
  route('GET', repo, getRepository),

  route('GET', `${repo}/git/ref/{ref*}`, getRef),
  route('GET', `${repo}/git/matching-refs/{ref*}`, listMatchingRefs),
  route('GET', `${repo}/git/refs`, listMatchingRefs),
  route('GET', `${repo}/git/refs/{ref*}`, listMatchingRefs),
  route('POST', `${repo}/git/refs`, createRef),
  route('PATCH', `${repo}/git/refs/{ref*}`, updateRef),
  route('DELETE', `${repo}/git/refs/{ref*}`, deleteRef),
  route('GET', `${repo}/branches`, listBranches),
  route('GET', `${repo}/branches/{branch}/protection`, notDone),
  route('GET', `${repo}/branches/{branch*}`, getBranch),

  route('GET', `${repo}/commits`, listCommits),
  route('GET', `${repo}/commits/{ref}/status`, getCombinedStatus),
  route('GET', `${repo}/commits/{ref}/statuses`, listStatuses),
  route('GET', `${repo}/commits/{ref}/check-runs`, listCheckRuns),
  route('GET', `${repo}/commits/{ref}/check-suites`, notDone),
  route('GET', `${repo}/commits/{ref}/comments`, notDone),
  route('GET', `${repo}/commits/{ref}/pulls`, notDone),
  route('GET', `${repo}/commits/{ref*}`, getCommit),
  route('GET', `${repo}/compare/{basehead*}`, compareCommits),
  route('GET', `${repo}/contents`, getContents),
  route('GET', `${repo}/contents/{path*}`, getContents),
  route('POST', `${repo}/statuses/{sha}`, createStatus),
  route('POST', `${repo}/check-runs`, createCheckRun),
  route('GET', `${repo}/check-runs/{id}`, getCheckRun),
  route('PATCH', `${repo}/check-runs/{id}`, updateCheckRun),

  route('GET', `${repo}/issues`, listIssues),
  route('POST', `${repo}/issues`, createIssue),
  route('GET', `${repo}/issues/comments`, listComments),
  route('GET', `${repo}/issues/comments/{id}`, getComment),
  route('PATCH', `${repo}/issues/comments/{id}`, updateComment),
  route('DELETE', `${repo}/issues/comments/{id}`, deleteComment),
  route('GET', `${repo}/issues/{number}`, getIssue),
  route('PATCH', `${repo}/issues/{number}`, updateIssue),
  route('PUT', `${repo}/issues/{number}/lock`, lockIssue),
  route('DELETE', `${repo}/issues/{number}/lock`, unlockIssue),
  route('GET', `${repo}/issues/{number}/comments`, listIssueComments),
  route('POST', `${repo}/issues/{number}/comments`, createComment),
  route('GET', `${repo}/issues/{number}/labels`, listIssueLabels),
  route('POST', `${repo}/issues/{number}/labels`, addIssueLabels),
  route('PUT', `${repo}/issues/{number}/labels`, setIssueLabels),
  route('DELETE', `${repo}/issues/{number}/labels/{name}`, removeIssueLabel),
  route('GET', `${repo}/labels`, listLabels),
  route('POST', `${repo}/labels`, createLabel),
  route('GET', `${repo}/labels/{name}`, getLabel),

  route('GET', `${repo}/pulls`, listPulls),
  route('POST', `${repo}/pulls`, createPull),
  route('GET', `${repo}/pulls/{number}`, getPull),
  route('PATCH', `${repo}/pulls/{number}`, updatePull),
  route('GET', `${repo}/pulls/{number}/files`, listPullFiles),
  route('GET', `${repo}/pulls/{number}/commits`, listPullCommits),
  route('PUT', `${repo}/pulls/{number}/merge`, mergePull),
];
