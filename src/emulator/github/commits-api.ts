import type { RestEndpointMethodTypes } from '@octokit/rest';
import { type Answer, notFound, ok, refuse } from './answer.ts';
import { inRepository, param, timeQuery, unknownQuery } from './call.ts';
import { commitShape, fileShape } from './commit-shape.ts';
import type { Forge } from './forge.ts';
import type { Git } from './git.ts';
import { type CommitFacts, countCommits, mergeBase, readCommit, readCommits } from './git-commits.ts';
import { type ChangedFile, changedFiles, emptyTree } from './git-diff.ts';
import { resolveCommit } from './git-refs.ts';
import { linkHeader, type Page, pageOf } from './paging.ts';
import type { RepositoryRecord } from './records.ts';
import type { Repository } from './repository.ts';
import { apiUrl, pageUrl } from './repository-shape.ts';

type Comparison = RestEndpointMethodTypes['repos']['compareCommitsWithBasehead']['response']['data'];

const filesMax = 300;
const comparedCommitsDefault = 250;

export const listCommits = inRepository(async (call, repository) => {
  const unknown = unknownQuery(call, ['sha', 'path', 'since', 'until']);
  if (unknown !== null) return unknown;
  const [since, until] = [timeQuery(call, 'since'), timeQuery(call, 'until')];
  if (!since.ok) return since.answer;
  if (!until.ok) return until.answer;
  const tip = await resolveCommit(repository.git, call.query.get('sha') || 'HEAD');
  if (tip === null) return missingTip(repository);
  const path = call.query.get('path');
  const selection = [
    ...(since.value === undefined ? [] : [`--since=${since.value}`]),
    ...(until.value === undefined ? [] : [`--until=${until.value}`]),
    tip,
    ...(path ? ['--', path] : []),
  ];
  const page = pageOf(call);
  const commits = await readCommits(repository.git, [`--skip=${page.skip}`, `--max-count=${page.size}`, ...selection]);
  const total = await countCommits(repository.git, selection);
  const shapes = commits.map((commit) => commitShape(call.forge, repository.record(), commit));
  return { ...ok(shapes), headers: linkHeader(call, page, total) };
});

export const getCommit = inRepository(async (call, repository) => {
  const ref = param(call, 'ref');
  const sha = await resolveCommit(repository.git, ref);
  if (sha === null) return refuse(422, `No commit found for SHA: ${ref}`);
  const commit = await readCommit(repository.git, sha);
  const files = await changedFiles(repository.git, commit.parents[0] ?? emptyTree, sha);
  const record = repository.record();
  return ok({
    ...commitShape(call.forge, record, commit),
    stats: changeStats(files),
    files: files.slice(0, filesMax).map((file) => fileShape(call.forge, record, sha, file)),
  });
});

/** `base...head`: what the head has since the two parted. */
export const compareCommits = inRepository(async (call, repository) => {
  const [baseName = '', headName = '', ...rest] = param(call, 'basehead').split('...');
  if (rest.length > 0) return notFound();
  const { git } = repository;
  const base = await resolveCommit(git, ownBranch(repository, baseName));
  const head = await resolveCommit(git, ownBranch(repository, headName));
  if (base === null || head === null) return notFound();
  const fork = await mergeBase(git, base, head);
  if (fork === null) return notFound(`No common ancestor between ${baseName} and ${headName}.`);
  const page = pageOf(call, comparedCommitsDefault);
  const ahead = await countCommits(git, [`${base}..${head}`]);
  const behind = await countCommits(git, [`${head}..${base}`]);
  const commits = await oldestFirst(git, `${base}..${head}`, ahead, page);
  // GitHub tells the files with the first page only.
  const files = page.number > 1 ? [] : await changedFiles(git, fork, head);
  const { forge } = call;
  const record = repository.record();
  const comparison: Comparison = {
    ...comparisonUrls(forge, record, { range: `${baseName}...${headName}`, fixed: `${base}...${head}` }),
    base_commit: commitShape(forge, record, await readCommit(git, base)),
    merge_base_commit: commitShape(forge, record, await readCommit(git, fork)),
    status: comparedStatus(ahead, behind),
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    commits: commits.map((commit) => commitShape(forge, record, commit)),
    files: files.slice(0, filesMax).map((file) => fileShape(forge, record, head, file)),
  };
  return { ...ok(comparison), headers: linkHeader(call, page, ahead) };
});

/** One page of a range of so many commits, the oldest first. */
export async function oldestFirst(git: Git, range: string, total: number, page: Page): Promise<CommitFacts[]> {
  // Git cuts before it reverses, so the page is counted from the newest commit.
  const skip = Math.max(0, total - page.skip - page.size);
  const count = total - page.skip - skip;
  if (count <= 0) return [];
  return readCommits(git, ['--reverse', '--topo-order', `--skip=${skip}`, `--max-count=${count}`, range]);
}

function changeStats(files: readonly ChangedFile[]): { additions: number; deletions: number; total: number } {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return { additions, deletions, total: additions + deletions };
}

/** GitHub lets a branch be written `owner:branch`; there are no forks here, so the owner can only be the repository's. */
export function ownBranch(repository: Repository, name: string): string {
  const own = `${repository.record().owner}:`;
  return name.toLowerCase().startsWith(own.toLowerCase()) ? name.slice(own.length) : name;
}

function comparisonUrls(forge: Forge, record: RepositoryRecord, { range, fixed }: { range: string; fixed: string }) {
  const page = `${pageUrl(forge, record)}/compare/${range}`;
  return {
    url: `${apiUrl(forge, record)}/compare/${range}`,
    html_url: page,
    permalink_url: `${pageUrl(forge, record)}/compare/${fixed}`,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
  };
}

function comparedStatus(ahead: number, behind: number): Comparison['status'] {
  if (ahead === 0) return behind === 0 ? 'identical' : 'behind';
  return behind === 0 ? 'ahead' : 'diverged';
}

async function missingTip(repository: Repository): Promise<Answer> {
  const empty = (await resolveCommit(repository.git, 'HEAD')) === null;
  return empty ? refuse(409, 'Git Repository is empty.') : notFound();
}
