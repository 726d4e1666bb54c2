/** What stands first in an XML text, after declaration, comments and instructions. */
export type FirstMarkup = { is: 'element'; name: string } | { is: 'doctype' } | { is: 'conflict' } | { is: 'other' };

/** `name` is without its namespace prefix. `other`: not XML, or the head ends before the first element. */
export function firstMarkup(head: string): FirstMarkup {
  let rest = head.replace(/^\uFEFF/, '').trimStart();
  while (rest.startsWith('<?') || rest.startsWith('<!--')) {
    const close = rest.startsWith('<?') ? '?>' : '-->';
    const end = rest.indexOf(close, 2);
    if (end === -1) return { is: 'other' };
    rest = rest.slice(end + close.length).trimStart();
  }
  if (rest.startsWith('<<<<<<<')) return { is: 'conflict' };
  if (/^<!doctype/i.test(rest)) return { is: 'doctype' };
  const name = /^<([\p{L}_][\p{L}\p{N}_.:-]*)/u.exec(rest)?.[1];
  return name === undefined ? { is: 'other' } : { is: 'element', name: localName(name) };
}

export function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}
