/** One token of the Logging query language. `at` is the offset in the filter's text. */
export type Token =
  | { readonly kind: 'word'; readonly path: readonly string[]; readonly text: string; readonly at: number }
  | { readonly kind: 'string'; readonly text: string; readonly at: number }
  | { readonly kind: 'symbol'; readonly text: Symbol; readonly at: number };

export type Operator = '=' | '!=' | '>' | '<' | '>=' | '<=' | ':' | '=~' | '!~';
type Symbol = Operator | '(' | ')' | '-' | 'AND' | 'OR' | 'NOT';

const skipped = /(?:\s+|--[^\n]*)+/y;
const symbol = /=~|!~|!=|>=|<=|[=<>:()]/y;
const quoted = /"((?:[^"\\]|\\.)*)"/y;
/** A dot followed by a quote continues a path: `labels."k8s.io/name"`. */
const word = /[^\s"()=!<>:~.,]+/y;

/** The tokens, or the offset of the first character that starts none. */
export function tokenize(text: string): { ok: true; tokens: Token[] } | { ok: false; at: number } {
  const tokens: Token[] = [];
  let at = end(skipped, text, 0);
  while (at < text.length) {
    const token = readToken(text, at);
    if (token === null) return { ok: false, at };
    tokens.push(token.token);
    at = end(skipped, text, token.end);
  }
  return { ok: true, tokens };
}

function readToken(text: string, at: number): { token: Token; end: number } | null {
  const sign = match(symbol, text, at);
  if (sign !== null) return { token: { kind: 'symbol', text: sign[0] as Symbol, at }, end: at + sign[0].length };
  if (text[at] === '-' && /[^\s-]/.test(text[at + 1] ?? ' ')) {
    return { token: { kind: 'symbol', text: '-', at }, end: at + 1 };
  }
  return readPath(text, at);
}

/** Words and quoted parts joined by dots; one quoted part alone is a string. */
function readPath(text: string, start: number): { token: Token; end: number } | null {
  const path: string[] = [];
  let at = start;
  for (;;) {
    const string = match(quoted, text, at);
    const plain = string === null ? match(word, text, at) : null;
    const part = string ?? plain;
    if (part === null) return null;
    path.push(string === null ? part[0] : unescaped(string[1] ?? ''));
    at += part[0].length;
    if (text[at] !== '.') return { token: pathToken(path, text.slice(start, at), start), end: at };
    at += 1;
  }
}

function pathToken(path: string[], text: string, at: number): Token {
  if (path.length === 1 && text.startsWith('"')) return { kind: 'string', text: path[0] ?? '', at };
  if (text === 'AND' || text === 'OR' || text === 'NOT') return { kind: 'symbol', text, at };
  return { kind: 'word', path, text, at };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** An escape that is not one of ours keeps its backslash, so that `"\d+"` stays a regular expression. */
function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (all, sign: string) => (/["\\]/.test(sign) ? sign : (escapes[sign] ?? all)));
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function end(pattern: RegExp, text: string, at: number): number {
  return at + (match(pattern, text, at)?.[0].length ?? 0);
}
