import type { RestEndpointMethodTypes } from '@octokit/rest';
import type { Forge } from './forge.ts';
import { toTime } from './forge.ts';
import type { CommitFacts, Signature } from './git-commits.ts';
import type { ChangedFile } from './git-diff.ts';
import type { RepositoryRecord } from './records.ts';
import { apiUrl, pageUrl } from './repository-shape.ts';
import { mailOf, nodeId, type SimpleUser, userShape } from './user-shape.ts';

type Commit = RestEndpointMethodTypes['repos']['listCommits']['response']['data'][number];
type File = NonNullable<RestEndpointMethodTypes['repos']['getCommit']['response']['data']['files']>[number];

export function commitShape(forge: Forge, record: RepositoryRecord, commit: CommitFacts): Commit {
  const api = apiUrl(forge, record);
  const url = `${api}/commits/${commit.sha}`;
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    commit: {
      author: signatureShape(commit.author),
      committer: signatureShape(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
    },
    url,
    html_url: `${pageUrl(forge, record)}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    author: knownUser(forge, commit.author),
    committer: knownUser(forge, commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${pageUrl(forge, record)}/commit/${sha}`,
    })),
  };
}

/** A changed file, as it is after the commit `sha`. */
export function fileShape(forge: Forge, record: RepositoryRecord, sha: string, file: ChangedFile): File {
  const path = file.filename.split('/').map(encodeURIComponent).join('/');
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${pageUrl(forge, record)}/blob/${sha}/${path}`,
    raw_url: `${pageUrl(forge, record)}/raw/${sha}/${path}`,
    contents_url: `${apiUrl(forge, record)}/contents/${path}?ref=${sha}`,
    ...(file.patch !== null && { patch: file.patch }),
    ...(file.previousFilename !== null && { previous_filename: file.previousFilename }),
  };
}

function signatureShape(signature: Signature) {
  return { name: signature.name, email: signature.email, date: toTime(new Date(signature.at * 1000)) };
}

/** GitHub links a commit to a user by the e-mail address; the only one that it knows here is its own. */
function knownUser(forge: Forge, signature: Signature): SimpleUser | null {
  return signature.email === mailOf(forge.login) ? userShape(forge.origin, forge.login) : null;
}
