import { Composer, type CST, type Document, LineCounter, Parser } from 'yaml';
import { checkNodes, type NodeProblem } from './yaml-nodes.ts';
import { type Locate, locateIn, type Place } from './yaml-place.ts';

const nestingMax = 64;
const aliasCountMax = 20;

interface YamlProblem extends Place {
  readonly message: string;
  readonly hint?: string;
}

export type ParsedYaml =
  | { readonly ok: true; readonly value: unknown; readonly locate: Locate }
  | { readonly ok: false; readonly problems: YamlProblem[] };

/**
 * Reads one YAML 1.2 document by its core schema: no tags, no merge keys, few aliases, every key once.
 * A text that holds nothing is null.
 */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  const place = (offset: number) => placeOf(lines, offset);
  const refuse = (...problems: NodeProblem[]): ParsedYaml => ({
    ok: false,
    problems: problems.map(({ offset, ...problem }) => ({ ...place(offset), ...problem })),
  });
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  if (nestingOf(tokens) > nestingMax) return refuse({ offset: 0, message: `nested deeper than ${nestingMax} levels` });

  const [document, second] = compose(tokens, text.length);
  if (document === undefined) return { ok: true, value: null, locate: () => place(0) };
  const syntax = document.errors[0];
  if (syntax !== undefined) return refuse({ offset: syntax.pos[0], message: notYaml(syntax.message) });
  if (second !== undefined) return refuse(secondDocument(second));
  const problems = checkNodes(document, aliasCountMax);
  if (problems.length > 0) return refuse(...problems);
  return { ok: true, value: document.toJS({ maxAliasCount: aliasCountMax }), locate: locateIn(document, place) };
}

/** Keys are compared in `checkNodes`: the package compares them in quadratic time, and takes 1 and "1" for two. */
function compose(tokens: readonly CST.Token[], length: number): Document.Parsed[] {
  const options = { version: '1.2', schema: 'core', uniqueKeys: false, merge: false, prettyErrors: false } as const;
  return [...new Composer(options).compose(tokens, false, length)];
}

function placeOf(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function notYaml(message: string): string {
  return `not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

function secondDocument(document: Document.Parsed): NodeProblem {
  return { offset: document.range[0], message: 'a second document starts here', hint: 'keep one document in a file' };
}

/** How deep lists and mappings are nested. Counted before composing, which takes stack: a hostile file would end the process. */
function nestingOf(tokens: readonly CST.Token[]): number {
  let deepest = 0;
  const left = tokens.map((token) => ({ token: token as Nested, depth: 0 }));
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { token, depth } = next;
    deepest = Math.max(deepest, depth);
    if (token.key) left.push({ token: token.key, depth });
    if (token.value && typeof token.value !== 'string') left.push({ token: token.value, depth });
    for (const item of token.items ?? []) left.push({ token: item, depth: depth + 1 });
  }
  return deepest;
}

/** What matters here of a token and of a collection's item, which the package types apart. */
interface Nested {
  readonly key?: Nested | null;
  readonly value?: Nested | string;
  readonly items?: readonly Nested[];
}
