import type { Forge } from './forge.ts';
import { issuePage } from './issue-shape.ts';
import { reconcile } from './reconcile.ts';
import { type IssueRecord, isPull, type RepositoryRecord } from './records.ts';
import { fullName, pageUrl } from './repository-shape.ts';

/** What a person sees who opens a link: HTML, or the address where the thing really is. */
export type Page = { readonly html: string } | { readonly location: string };

/**
 * The pages behind `html_url`: `/<owner>/<repository>` (a list), `…/issues/N` and `…/pull/N`. Everything is shown as the text
 * that it is: no Markdown, no link, no picture of somebody's making. Null when there is no such page.
 */
export async function readPage(forge: Forge, segments: readonly string[]): Promise<Page | null> {
  const [owner = '', name = '', kind, number = '', ...rest] = segments;
  const known = kind === undefined || ((kind === 'issues' || kind === 'pull') && /^[1-9]\d{0,8}$/.test(number));
  if (!known || rest.length > 0) return null;
  const repository = await forge.repository(owner, name);
  if (repository === null) return null;
  await repository.exclusively(() => reconcile(forge, repository));
  const record = repository.record();
  if (kind === undefined) return { html: listPage(forge, record) };
  const issue = record.issues.find((candidate) => candidate.number === Number(number));
  if (issue === undefined) return null;
  // GitHub sends a reader from one kind of address to the other.
  if (isPull(issue) !== (kind === 'pull')) return { location: issuePage(forge, record, issue) };
  return { html: issueText(forge, record, issue) };
}

function listPage(forge: Forge, record: RepositoryRecord): string {
  const rows = record.issues
    .toReversed()
    .map((issue) => {
      const kind = isPull(issue) ? 'pull request' : 'issue';
      const link = `<a href="${escapeHtml(issuePage(forge, record, issue))}">#${issue.number}</a>`;
      return `<li>${link} ${kind}, ${stateOf(issue)}: ${escapeHtml(issue.title)}</li>`;
    })
    .join('\n');
  const clone = `<p>git clone ${escapeHtml(pageUrl(forge, record))}.git (any name, the token as password)</p>`;
  return page(fullName(record), `${clone}<ul>${rows}</ul>`);
}

function issueText(forge: Forge, record: RepositoryRecord, issue: IssueRecord): string {
  const facts = [`${stateOf(issue)}, opened ${issue.createdAt} by ${forge.login}`];
  if (issue.labels.length > 0) facts.push(`labels: ${issue.labels.join(', ')}`);
  if (isPull(issue)) {
    facts.push(`${issue.pull.head.ref} (${issue.pull.head.sha}) into ${issue.pull.base.ref}`);
    if (issue.pull.mergeCommit !== null) facts.push(`merged as ${issue.pull.mergeCommit} at ${issue.pull.mergedAt}`);
  }
  const comments = record.comments
    .filter((comment) => comment.issue === issue.number)
    .map(({ id, createdAt, body }) => `<h2 id="issuecomment-${id}">${createdAt}</h2><pre>${escapeHtml(body)}</pre>`);
  const back = `<p><a href="${escapeHtml(pageUrl(forge, record))}">${escapeHtml(fullName(record))}</a></p>`;
  const lines = facts.map((fact) => `<p>${escapeHtml(fact)}</p>`).join('');
  return page(
    `#${issue.number} ${issue.title}`,
    `${back}${lines}<pre>${escapeHtml(issue.body ?? '')}</pre>${comments.join('')}`,
  );
}

function stateOf(issue: IssueRecord): string {
  if (issue.pull !== null && issue.pull.mergedAt !== null) return 'merged';
  const draft = issue.pull?.draft === true ? ' draft' : '';
  return issue.stateReason === null || issue.state === 'open'
    ? `${issue.state}${draft}`
    : `${issue.state} as ${issue.stateReason.replace('_', ' ')}`;
}

function page(title: string, body: string): string {
  const head = `<meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${style}</style>`;
  return `<!doctype html><html lang="en"><head>${head}</head><body><h1>${escapeHtml(title)}</h1>${body}</body></html>\n`;
}

const style = 'body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}pre{white-space:pre-wrap}';

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
