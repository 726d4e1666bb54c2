const predefined = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Text with its references resolved, or the reference that is none of XML's own: no document can define one here. */
export function resolveReferences(text: string): { ok: true; text: string } | { ok: false; reference: string } {
  let at = text.indexOf('&');
  if (at === -1) return { ok: true, text };
  let resolved = '';
  let from = 0;
  for (; at !== -1; at = text.indexOf('&', from)) {
    const end = text.indexOf(';', at);
    const reference = end === -1 ? text.slice(at, at + 40) : text.slice(at + 1, end);
    const meant = end === -1 ? undefined : meaning(reference);
    if (meant === undefined) return { ok: false, reference: reference.slice(0, 40) };
    resolved += text.slice(from, at) + meant;
    from = end + 1;
  }
  return { ok: true, text: resolved + text.slice(from) };
}

function meaning(reference: string): string | undefined {
  const known = predefined.get(reference);
  if (known !== undefined) return known;
  const match = /^#(?:x([\da-fA-F]+)|(\d+))$/.exec(reference);
  if (match === null) return undefined;
  const code = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16);
  return isXmlCharacter(code) ? String.fromCodePoint(code) : undefined;
}

function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 9 || code === 10 || code === 13;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}
