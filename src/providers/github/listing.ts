import type { z } from 'zod';

/** GitHub's lists come in pages of a hundred. */
export const PER_PAGE = 100;
const PAGES_MAX = 50;

/** A look-up that does not see the whole list would make things twice: it must not answer. */
export class ListTooLong extends Error {}

/** A list that GitHub refused, where an empty one would read as "nothing of that kind". */
export class ListRefused extends Error {}

type Page = { readonly data: readonly unknown[]; readonly headers: object };

/** All entries, each once: a list that grows while it is read repeats some. */
export async function readWholeList<S extends z.ZodType<{ number: number } | { id: number }>>(
  pages: AsyncIterable<Page>,
  schema: S,
): Promise<z.infer<S>[]> {
  const { entries, more } = await readNewest(pages, schema, PAGES_MAX);
  if (more) throw new ListTooLong(`a list at GitHub has more than ${PAGES_MAX * PER_PAGE} entries`);
  return entries;
}

/** The first `pagesMax` pages, and whether there are more. */
export async function readNewest<S extends z.ZodType<{ number: number } | { id: number }>>(
  pages: AsyncIterable<Page>,
  schema: S,
  pagesMax: number,
): Promise<{ entries: z.infer<S>[]; more: boolean }> {
  const found = new Map<number, z.infer<S>>();
  let read = 0;
  let more = false;
  for await (const { data, headers } of pages) {
    // Octokit turns a 409 into a page without entries, and without headers.
    if (Object.keys(headers).length === 0) throw new ListRefused('GitHub answered 409 to a list');
    if (read === pagesMax) {
      more = true;
      break;
    }
    read += 1;
    for (const entry of data.map((each) => schema.parse(each)))
      found.set('number' in entry ? entry.number : entry.id, entry);
  }
  return { entries: [...found.values()], more };
}
