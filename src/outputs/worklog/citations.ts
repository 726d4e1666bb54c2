import { codeSpan } from '../../core/markdown-text.ts';
import type { Evidence, RunRecord } from '../../core/record.ts';

/** Writes evidence ids as links to their artefacts: `[E12] [E13]`; what the record does not hold stays plain code. */
export type Cite = (ids: readonly string[], idsMax?: number) => string;

const shape = /^E\d{1,9}$/;

/**
 * Reference links keep the text readable without a renderer; `definitions` gives the list that ends the document.
 * Only ids of this record become links, so no other text in brackets can.
 */
export function citations(record: RunRecord): { cite: Cite; definitions: string } {
  const links = record.evidence.flatMap((one) => definition(one));
  const known = new Set(links.map((link) => link.id));
  const cite: Cite = (ids, idsMax = 12) => {
    const all = [...new Set(ids)];
    const shown = all.slice(0, idsMax).map((id) => (known.has(id) ? `[${id}]` : codeSpan(id)));
    const more = all.length - shown.length;
    return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(' ');
  };
  return { cite, definitions: links.map((link) => link.text).join('\n') };
}

function definition({ id, path }: Evidence): { id: string; text: string }[] {
  const parts = path.split('/');
  const leaves = path === '' || parts.some((part) => part === '' || part === '.' || part === '..');
  if (leaves || !shape.test(id)) return [];
  const target = parts.map((part) => encodeURIComponent(part).replace(/[()'*!]/g, percentCode)).join('/');
  return [{ id, text: `[${id}]: ${target}` }];
}

function percentCode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
