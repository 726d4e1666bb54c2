import { type Answer, validationFailed } from './answer.ts';

const bodyCharactersMax = 65_536;
const titleCharactersMax = 256;

/** GitHub's refusal of a title or body of an issue or pull request; null when both fit. */
export function refuseText(
  resource: 'Issue' | 'PullRequest',
  text: { title?: string | undefined; body?: string | null | undefined },
): Answer | null {
  const { title, body } = text;
  if (title !== undefined && title.trim() === '')
    return validationFailed({ resource, code: 'missing_field', field: 'title' });
  if (title !== undefined && isLonger(title, titleCharactersMax)) return tooLong(resource, 'title', titleCharactersMax);
  if (body && isLonger(body, bodyCharactersMax)) return tooLong(resource, 'body', bodyCharactersMax);
  return null;
}

/** The same for a comment, for which GitHub uses other words. */
export function refuseComment(body: string): Answer | null {
  const resource = 'IssueComment';
  if (body.trim() === '') return validationFailed({ resource, code: 'missing_field', field: 'body' });
  if (!isLonger(body, bodyCharactersMax)) return null;
  const message = `Body is too long (maximum is ${bodyCharactersMax} characters)`;
  return validationFailed({ resource, code: 'unprocessable', field: 'data', message });
}

function tooLong(resource: string, field: string, limit: number): Answer {
  return validationFailed({
    resource,
    code: 'custom',
    field,
    message: `${field} is too long (maximum is ${limit} characters)`,
  });
}

/** Counts characters as GitHub does: an emoji is one, not two. */
function isLonger(text: string, charactersMax: number): boolean {
  if (text.length <= charactersMax) return false;
  let count = 0;
  for (const _ of text) count += 1;
  return count > charactersMax;
}
