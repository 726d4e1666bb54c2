import type { Forge } from '../../ports/forge.ts';
import { type GitHubLog, githubClient } from './client.ts';
import { comment } from './comments.ts';
import { openGitHub } from './github.ts';
import { editIssue, listIssues, openIssue, setIssueState } from './issues.ts';
import { editPull, listPulls, openPull } from './pulls.ts';

export interface GitHubSettings {
  /** Where the REST API is; github.com's when left out. */
  readonly baseUrl?: string;
  readonly token: string;
  readonly owner: string;
  readonly repo: string;
  /** Whose texts are loop's. Asked for with the token when left out; an App must give its bot's login. */
  readonly login?: string;
  /** loop's own version, for the user agent. */
  readonly version: string;
  readonly log: GitHubLog;
}

/**
 * Issues and pull requests of one repository at GitHub. Bodies are sent as they come (a caller neutralises what logs and tests said),
 * cut to what GitHub takes, with the key in a hidden marker that is taken off again when they are read.
 */
export function githubForge(settings: GitHubSettings): Forge {
  const { baseUrl, token, owner, repo, login, version, log } = settings;
  const hub = openGitHub(githubClient({ baseUrl, token, version, log }), log, { owner, repo }, login);
  return {
    issues: (signal) => listIssues(hub, signal),
    pulls: (signal) => listPulls(hub, signal),
    openIssue: (request, signal) => openIssue(hub, request, signal),
    editIssue: (request, signal) => editIssue(hub, request, signal),
    comment: (request, signal) => comment(hub, request, signal),
    setIssueState: (request, signal) => setIssueState(hub, request, signal),
    openPull: (request, signal) => openPull(hub, request, signal),
    editPull: (request, signal) => editPull(hub, request, signal),
  };
}
