/**
 * Suite path > class > name. node writes the class `test` for every test, and many runners repeat the suite's name: neither
 * tells tests apart. The text is joined, not copied: with all tests of a large report kept, copies would be most of the memory.
 */
export function testId(path: string, className: string | null, name: string): string {
  const prefix = idPrefix(path, className, name);
  return prefix === '' ? name : prefix + name;
}

let latest = { path: '', className: '', prefix: '' };

/** What stands before the name in an id, with its ` > `; the latest one is the same text again, not an equal one. */
export function idPrefix(path: string, className: string | null, name: string): string {
  const told = className === null || className === 'test' || className === name || path.endsWith(className);
  if (told) return path === '' ? '' : prefixOf(path, '');
  return prefixOf(path, className);
}

/** Remembers one answer: reports tell their tests class by class. Only speed and memory hang on it. */
function prefixOf(path: string, className: string): string {
  if (latest.path !== path || latest.className !== className) {
    const owner = [path, className].filter((part) => part !== '').join(' > ');
    latest = { path, className, prefix: `${owner} > ` };
  }
  return latest.prefix;
}
