import { notFound, ok } from './answer.ts';
import { type Call, inRepository } from './call.ts';
import { gitText } from './git.ts';
import { resolveCommit } from './git-refs.ts';
import type { RepositoryRecord } from './records.ts';
import { apiUrl, pageUrl } from './repository-shape.ts';

const contentBytesMax = 1024 * 1024;

/** One file with its content, or the entries of a folder. Above one megabyte GitHub leaves the content out, and so do we. */
export const getContents = inRepository(async (call, repository) => {
  const ref = call.query.get('ref') || repository.record().defaultBranch;
  const commit = await resolveCommit(repository.git, ref);
  if (commit === null) return notFound(`No commit found for the ref ${ref}`);
  const path = (call.params.path ?? '').replace(/\/$/, '');
  const record = repository.record();
  if (path !== '') {
    const [entry] = readEntries(await gitText(repository.git, ['ls-tree', '-z', '-l', commit, '--', path]));
    if (entry === undefined) return notFound();
    if (entry.type !== 'tree') {
      const bytes = entry.type === 'blob' && entry.size <= contentBytesMax;
      const blob = bytes ? (await repository.git(['cat-file', 'blob', entry.sha])).stdout : null;
      return ok({ ...entryShape(call, record, ref, entry), ...contentShape(blob) });
    }
  }
  const listing = await gitText(repository.git, ['ls-tree', '-z', '-l', `${commit}:${path}`]);
  const prefix = path === '' ? '' : `${path}/`;
  return ok(
    readEntries(listing).map((entry) => entryShape(call, record, ref, { ...entry, path: `${prefix}${entry.path}` })),
  );
});

interface TreeEntry {
  readonly type: string;
  readonly sha: string;
  readonly size: number;
  readonly path: string;
}

/** Reads `mode type sha size TAB path NUL`. */
function readEntries(listing: string): TreeEntry[] {
  return listing
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      const [, type = '', sha = '', size = ''] = line.slice(0, tab).split(/ +/);
      return { type, sha, size: Number(size) || 0, path: line.slice(tab + 1) };
    });
}

function entryShape(call: Call, record: RepositoryRecord, ref: string, entry: TreeEntry) {
  const path = entry.path.split('/').map(encodeURIComponent).join('/');
  const api = apiUrl(call.forge, record);
  const isFolder = entry.type === 'tree';
  const self = `${api}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const git = `${api}/git/${isFolder ? 'trees' : 'blobs'}/${entry.sha}`;
  const html = `${pageUrl(call.forge, record)}/${isFolder ? 'tree' : 'blob'}/${ref}/${path}`;
  return {
    type: isFolder ? 'dir' : entry.type === 'commit' ? 'submodule' : 'file',
    name: entry.path.split('/').at(-1) ?? '',
    path: entry.path,
    sha: entry.sha,
    size: entry.size,
    url: self,
    html_url: html,
    git_url: git,
    download_url: null,
    _links: { self, git, html },
  };
}

/** GitHub breaks the base64 text after 60 characters. */
function contentShape(blob: Buffer | null): { encoding: string; content: string } {
  if (blob === null) return { encoding: 'none', content: '' };
  return { encoding: 'base64', content: blob.toString('base64').replace(/.{60}/g, '$&\n') };
}
