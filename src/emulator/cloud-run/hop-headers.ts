const hopByHop = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Raw header pairs without those that belong to one connection, and without the names given. */
export function withoutHopByHop(rawHeaders: readonly string[], ...dropped: readonly string[]): [string, string][] {
  return pairs(rawHeaders).filter(
    ([name]) => !hopByHop.has(name.toLowerCase()) && !dropped.includes(name.toLowerCase()),
  );
}

export function pairs(rawHeaders: readonly string[]): [string, string][] {
  const list: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) list.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  return list;
}

/** The shape that node:http takes: a name that comes twice has a list. */
export function headerObject(list: readonly [string, string][]): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of list) {
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}
