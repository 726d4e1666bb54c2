import { type Operator, type Token, tokenize } from './filter-tokens.ts';

/** A filter of the Logging query language, read. `at` is the offset in its text, for messages. */
export type Filter =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | { readonly kind: 'text'; readonly text: string }
  | Comparison;

export interface Comparison {
  readonly kind: 'compare';
  readonly path: readonly string[];
  readonly operator: Operator;
  /** `*` unquoted after `:` asks whether the field is there at all. */
  readonly value: { readonly text: string; readonly exists: boolean };
  readonly at: number;
}

export type FilterRead<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/** The API's own limit. */
const filterCharactersMax = 20_000;

/** Reads a filter. What is not understood is refused with its position, never left out. */
export function parseFilter(text: string): FilterRead<Filter> {
  if (text.length > filterCharactersMax) {
    return {
      ok: false,
      message: `The filter has ${text.length} characters; at most ${filterCharactersMax} are allowed.`,
    };
  }
  const read = tokenize(text);
  if (!read.ok) return syntaxError(text, read.at, text[read.at] ?? '');
  if (read.tokens.length === 0) return { ok: true, value: { kind: 'all' } };
  const cursor = new Cursor(read.tokens);
  const filter = conjunction(cursor);
  const left = cursor.peek();
  if (filter !== null && left === undefined) return { ok: true, value: filter };
  return syntaxError(text, left?.at ?? text.length, left?.text ?? 'end of filter');
}

export function syntaxError(text: string, at: number, token: string): { ok: false; message: string } {
  const before = text.slice(0, at).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return {
    ok: false,
    message: `Unparseable filter: syntax error at line ${before.length}, column ${column}, token '${token}'`,
  };
}

/** Null from a reader below means: the token under the cursor does not fit. */
class Cursor {
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(): Token | undefined {
    return this.#tokens[this.#index];
  }

  take(): Token | undefined {
    const token = this.peek();
    if (token !== undefined) this.#index += 1;
    return token;
  }

  accept(...symbols: string[]): boolean {
    const token = this.peek();
    if (token?.kind !== 'symbol' || !symbols.includes(token.text)) return false;
    this.#index += 1;
    return true;
  }
}

/** OR binds tighter than AND in this language, and two comparisons side by side are joined by AND. */
function conjunction(cursor: Cursor): Filter | null {
  const parts: Filter[] = [];
  do {
    const part = disjunction(cursor);
    if (part === null) return null;
    parts.push(part);
  } while (cursor.accept('AND') || startsTerm(cursor.peek()));
  return parts.length === 1 ? (parts[0] ?? null) : { kind: 'and', parts };
}

function startsTerm(token: Token | undefined): boolean {
  return token !== undefined && (token.kind !== 'symbol' || ['(', '-', 'NOT'].includes(token.text));
}

function disjunction(cursor: Cursor): Filter | null {
  const parts: Filter[] = [];
  do {
    const part = negation(cursor);
    if (part === null) return null;
    parts.push(part);
  } while (cursor.accept('OR'));
  return parts.length === 1 ? (parts[0] ?? null) : { kind: 'or', parts };
}

function negation(cursor: Cursor): Filter | null {
  if (!cursor.accept('NOT', '-')) return term(cursor);
  const part = negation(cursor);
  return part === null ? null : { kind: 'not', part };
}

function term(cursor: Cursor): Filter | null {
  if (cursor.accept('(')) {
    const inner = conjunction(cursor);
    return cursor.accept(')') ? inner : null;
  }
  const token = cursor.peek();
  if (token === undefined || token.kind === 'symbol') return null;
  cursor.take();
  const operator = cursor.peek();
  if (operator?.kind !== 'symbol' || !isOperator(operator.text)) return { kind: 'text', text: token.text };
  cursor.take();
  const path = token.kind === 'word' ? token.path : [token.text];
  return operand(cursor, (value) => ({
    kind: 'compare',
    path,
    operator: operator.text as Operator,
    value,
    at: token.at,
  }));
}

/** The right side: one value, or values in parentheses joined by OR or AND. */
function operand(cursor: Cursor, compare: (value: Comparison['value']) => Comparison): Filter | null {
  if (cursor.accept('(')) return operands(cursor, compare);
  const sign = cursor.accept('-') ? '-' : '';
  const token = cursor.peek();
  if (token === undefined || token.kind === 'symbol') return null;
  cursor.take();
  return compare({ text: sign + token.text, exists: token.kind === 'word' && token.text === '*' });
}

function operands(cursor: Cursor, compare: (value: Comparison['value']) => Comparison): Filter | null {
  const joins = new Set<'and' | 'or'>();
  const parts: Filter[] = [];
  let more = true;
  while (more) {
    const part = operand(cursor, compare);
    if (part === null) return null;
    parts.push(part);
    const join = cursor.accept('OR') ? 'or' : cursor.accept('AND') ? 'and' : null;
    if (join !== null) joins.add(join);
    more = join !== null;
  }
  const [kind = 'and', mixed] = joins;
  return mixed === undefined && cursor.accept(')') ? { kind, parts } : null;
}

function isOperator(text: string): text is Operator {
  return /^(=|!=|>|<|>=|<=|:|=~|!~)$/.test(text);
}
