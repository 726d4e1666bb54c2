import { type Answer, ok } from './answer.ts';
import type { Call } from './call.ts';

/** The part of a list that a caller asks for. */
export interface Page {
  readonly number: number;
  readonly size: number;
  /** How many items come before it. */
  readonly skip: number;
}

const pageSizeDefault = 30;
const pageSizeMax = 100;

/** Numbers that are none are taken as not given, as GitHub does. */
export function pageOf(call: Call, sizeDefault = pageSizeDefault): Page {
  const size = Math.min(wholeNumber(call, 'per_page') ?? sizeDefault, Math.max(pageSizeMax, sizeDefault));
  const number = wholeNumber(call, 'page') ?? 1;
  return { number, size, skip: (number - 1) * size };
}

/** One page of a whole list, with GitHub's `Link` header. */
export function pagedList<T>(call: Call, items: readonly T[], shape: (item: T) => unknown): Answer {
  const page = pageOf(call);
  return {
    ...ok(items.slice(page.skip, page.skip + page.size).map(shape)),
    headers: linkHeader(call, page, items.length),
  };
}

/** The `Link` header for a page of a list with so many items; none when everything fits on one page. */
export function linkHeader(call: Call, page: Page, total: number): Record<string, string> {
  const last = Math.max(1, Math.ceil(total / page.size));
  const links = [];
  if (page.number > 1) links.push(link(call, 'prev', Math.min(page.number - 1, last)));
  if (page.number < last) links.push(link(call, 'next', page.number + 1), link(call, 'last', last));
  if (page.number > 1) links.push(link(call, 'first', 1));
  return links.length === 0 ? {} : { link: links.join(', ') };
}

function link(call: Call, rel: string, number: number): string {
  const query = new URLSearchParams(call.query);
  query.set('page', String(number));
  return `<${call.forge.origin}${call.path}?${query}>; rel="${rel}"`;
}

function wholeNumber(call: Call, name: string): number | null {
  const value = call.query.get(name) ?? '';
  return /^[1-9]\d{0,5}$/.test(value) ? Number(value) : null;
}
