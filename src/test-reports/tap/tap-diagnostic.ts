export interface Diagnostic {
  readonly message?: string | undefined;
  readonly stack?: string | undefined;
  readonly durationMs?: number | undefined;
  readonly type?: string | undefined;
  readonly failureType?: string | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/**
 * What a test point's YAML block says, as far as runners agree on keys. Only plain keys and block texts are read, nothing
 * that YAML could expand.
 */
export function readDiagnostic(lines: readonly string[]): Diagnostic {
  const values = scalarsOf(lines);
  const place = placeOf(values);
  const duration = Number(values.get('duration_ms') ?? Number.NaN);
  return {
    message: values.get('error') ?? values.get('message'),
    stack: stackOf(values.get('stack')) ?? values.get('diff'),
    durationMs: Number.isFinite(duration) ? duration : undefined,
    type: values.get('type'),
    failureType: values.get('failureType'),
    ...place,
  };
}

/** node and tap leave the `at` of a stack's lines out. */
function stackOf(text: string | undefined): string | undefined {
  return text?.replace(/^\s*(?!at |\s)(.*:\d+:\d+\)?)$/gm, '    at $1');
}

/** node: `location: '/a/x.test.js:3:1'`; tap: `at:` with `file:` and `line:` below. */
function placeOf(values: ReadonlyMap<string, string>): { file?: string; line?: number } {
  const location = /^(.+?):(\d+)(?::\d+)?$/.exec(values.get('location') ?? '');
  if (location?.[1] !== undefined) return { file: location[1], line: Number(location[2]) };
  const file = values.get('file') ?? values.get('at.file') ?? values.get('at.fileName');
  const line = Number(values.get('line') ?? values.get('at.line') ?? values.get('at.lineNumber'));
  return { ...(file === undefined ? {} : { file }), ...(Number.isSafeInteger(line) ? { line } : {}) };
}

/** Keys of the first level, those of the second as `outer.inner`. */
function scalarsOf(lines: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  let outer = '';
  let block: { key: string; indent: number; lines: string[] } | null = null;
  const endBlock = (): void => {
    if (block !== null) values.set(block.key, outdented(block.lines));
    block = null;
  };
  for (const text of lines) {
    const indent = text.length - text.trimStart().length;
    if (block !== null && (text.trim() === '' || indent > block.indent)) {
      block.lines.push(text);
      continue;
    }
    endBlock();
    const match = /^(\s*)([\w.-]+):(?:\s+(.*))?$/.exec(text);
    if (match?.[2] === undefined || indent > 4) continue;
    const key = indent === 0 ? match[2] : `${outer}.${match[2]}`;
    const value = (match[3] ?? '').trim();
    if (indent === 0) outer = match[2];
    if (/^[|>][-+]?$/.test(value)) block = { key, indent, lines: [] };
    else if (value !== '' && !values.has(key)) values.set(key, unquoted(value));
  }
  endBlock();
  return values;
}

function outdented(lines: readonly string[]): string {
  const first = lines.find((line) => line.trim() !== '') ?? '';
  const indent = first.length - first.trimStart().length;
  return lines
    .map((line) => line.slice(indent))
    .join('\n')
    .trimEnd();
}

function unquoted(value: string): string {
  if (/^'.*'$/.test(value)) return value.slice(1, -1).replaceAll("''", "'");
  return /^".*"$/.test(value) ? value.slice(1, -1).replaceAll('\\"', '"').replaceAll('\\n', '\n') : value;
}
