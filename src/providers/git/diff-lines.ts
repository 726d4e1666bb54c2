import type { DiffLine } from '../../ports/repository.ts';

/** Added and removed lines of a unified diff with `a/` and `b/` prefixes. Content that looks like a header is content: lines are counted. */
export function diffLines(diff: string): readonly DiffLine[] {
  const found: DiffLine[] = [];
  let oldPath = '';
  let newPath = '';
  let hunk = { oldLine: 0, oldLeft: 0, newLine: 0, newLeft: 0 };
  for (const line of diff.split('\n')) {
    if (hunk.oldLeft > 0 && line.startsWith('-')) {
      found.push({ path: oldPath, line: hunk.oldLine, kind: '-', text: line.slice(1) });
      hunk = { ...hunk, oldLine: hunk.oldLine + 1, oldLeft: hunk.oldLeft - 1 };
    } else if (hunk.newLeft > 0 && line.startsWith('+')) {
      found.push({ path: newPath, line: hunk.newLine, kind: '+', text: line.slice(1) });
      hunk = { ...hunk, newLine: hunk.newLine + 1, newLeft: hunk.newLeft - 1 };
    } else if (line.startsWith('--- ')) oldPath = pathOf(line);
    else if (line.startsWith('+++ ')) newPath = pathOf(line);
    else hunk = hunkOf(line) ?? hunk;
  }
  return found;
}

/** `@@ -12,3 +14 @@ function name`: a count that is left out is 1. */
function hunkOf(line: string) {
  const match = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
  if (!match) return null;
  const [, oldLine, oldLeft = '1', newLine, newLeft = '1'] = match;
  return { oldLine: Number(oldLine), oldLeft: Number(oldLeft), newLine: Number(newLine), newLeft: Number(newLeft) };
}

function pathOf(line: string): string {
  const path = unquote(line.slice(4).replace(/\t$/, ''));
  return path === '/dev/null' ? path : path.slice(2);
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };

/** git quotes names with control characters, quotes or backslashes as C does; octal escapes are bytes. */
function unquote(name: string): string {
  if (!name.startsWith('"') || !name.endsWith('"')) return name;
  const parts = name.slice(1, -1).split(/(\\[0-7]{3}|\\.)/);
  const bytes = parts.map((part) => {
    if (/^\\[0-7]{3}$/.test(part)) return Buffer.from([Number.parseInt(part.slice(1), 8)]);
    if (!part.startsWith('\\')) return Buffer.from(part);
    const letter = part.slice(1);
    return Buffer.from(ESCAPES[letter] ?? letter);
  });
  return Buffer.concat(bytes).toString('utf8');
}
