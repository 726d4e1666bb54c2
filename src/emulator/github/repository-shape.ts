import type { RestEndpointMethodTypes } from '@octokit/rest';
import type { Forge } from './forge.ts';
import type { RepositoryRecord } from './records.ts';
import { nodeId, userShape } from './user-shape.ts';

type FullRepository = RestEndpointMethodTypes['repos']['get']['response']['data'];

/** A repository as `GET /repos/{owner}/{repo}` shows it. What nobody counts here (stars, forks) is 0. */
export function repositoryShape(forge: Forge, record: RepositoryRecord) {
  const openIssues = record.issues.filter((issue) => issue.state === 'open').length;
  return {
    id: record.id,
    node_id: nodeId('R', record.id),
    name: record.name,
    full_name: fullName(record),
    owner: userShape(forge.origin, record.owner, record.ownerType),
    private: record.private,
    visibility: record.private ? 'private' : 'public',
    description: record.description,
    fork: false,
    ...repositoryUrls(forge, record),
    homepage: null,
    language: null,
    license: null,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    subscribers_count: 0,
    network_count: 0,
    size: 0,
    default_branch: record.defaultBranch,
    open_issues: openIssues,
    open_issues_count: openIssues,
    topics: [],
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    has_downloads: false,
    archived: false,
    disabled: false,
    allow_merge_commit: true,
    allow_squash_merge: true,
    allow_rebase_merge: true,
    delete_branch_on_merge: false,
    permissions: { admin: true, maintain: true, push: true, triage: true, pull: true },
    pushed_at: record.pushedAt,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  } satisfies FullRepository;
}

export function fullName(record: RepositoryRecord): string {
  return `${record.owner}/${record.name}`;
}

/** Where a repository's API calls begin. */
export function apiUrl(forge: Forge, record: RepositoryRecord): string {
  return `${forge.origin}/repos/${fullName(record)}`;
}

/** Where a person looks at it. */
export function pageUrl(forge: Forge, record: RepositoryRecord): string {
  return `${forge.origin}/${fullName(record)}`;
}

function repositoryUrls(forge: Forge, record: RepositoryRecord) {
  const url = apiUrl(forge, record);
  const page = pageUrl(forge, record);
  // Only HTTP is served, so every address for Git is the one that works.
  const clone = `${page}.git`;
  return {
    url,
    html_url: page,
    clone_url: clone,
    git_url: clone,
    ssh_url: clone,
    svn_url: page,
    mirror_url: null,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}
