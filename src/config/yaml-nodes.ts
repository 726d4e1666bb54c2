import { type Alias, type Document, isAlias, isMap, isNode, isScalar, type Node, type Pair, visit } from 'yaml';

export interface NodeProblem {
  /** Where in the text, in UTF-16 code units. */
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

const keysRefused: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/** What YAML allows and our files do not: tags, merge keys, keys that are no plain words, a key twice, aliases that multiply. */
export function checkNodes(document: Document.Parsed, aliasCountMax: number): NodeProblem[] {
  const problems: NodeProblem[] = [];
  let aliases = 0;
  visit(document, {
    Node: (_key, node, ancestors) => {
      if (isMap(node)) problems.push(...checkKeys(node.items));
      if (!isAlias(node)) problems.push(...checkTag(node));
      else if (isInsideAnchor(ancestors)) {
        problems.push(multiplies(node));
        // The first one tells it all: a bomb has hundreds.
        return visit.BREAK;
      } else if (++aliases <= aliasCountMax) problems.push(...checkAlias(document, node));
      else if (aliases === aliasCountMax + 1) problems.push(tooManyAliases(node, aliasCountMax));
      return undefined;
    },
  });
  return problems;
}

function checkKeys(pairs: readonly Pair[]): NodeProblem[] {
  const seen = new Set<string>();
  return pairs.flatMap(({ key }) => {
    const offset = offsetOf(key);
    if (!isScalar(key) || key.value === null) return [{ offset, message: 'expected a plain word as key' }];
    const name = String(key.value);
    if (seen.has(name)) return [{ offset, message: `the key "${name}" is there twice`, hint: 'keep one of them' }];
    seen.add(name);
    if (name === '<<') return [{ offset, message: 'merge keys are not supported', hint: 'write the keys out' }];
    return keysRefused.includes(name) ? [{ offset, message: `the key "${name}" is not allowed` }] : [];
  });
}

/** An alias inside an anchored value could multiply without end, or point at itself; one level is enough for us. */
function isInsideAnchor(ancestors: readonly unknown[]): boolean {
  return ancestors.some((ancestor) => isNode(ancestor) && !isAlias(ancestor) && ancestor.anchor);
}

function multiplies(alias: Alias): NodeProblem {
  const message = `the alias *${alias.source} stands inside an anchored value, where it could multiply without end`;
  return { offset: offsetOf(alias), message, hint: 'write the value out' };
}

function checkAlias(document: Document.Parsed, alias: Alias): NodeProblem[] {
  if (alias.resolve(document) !== undefined) return [];
  return [{ offset: offsetOf(alias), message: `the alias *${alias.source} has no anchor before it` }];
}

function tooManyAliases(alias: Alias, aliasCountMax: number): NodeProblem {
  return { offset: offsetOf(alias), message: `more than ${aliasCountMax} aliases`, hint: 'write the values out' };
}

function checkTag(node: Exclude<Node, Alias>): NodeProblem[] {
  if (node.tag === undefined) return [];
  return [{ offset: offsetOf(node), message: `tags are not supported (${node.tag})`, hint: 'leave the tag out' }];
}

function offsetOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
