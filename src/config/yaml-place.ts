import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node } from 'yaml';
import type { ConfigPath } from './finding.ts';

export interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}

/** Where a path stands. What is not in the file stands where its nearest parent's key does. */
export type Locate = (path: ConfigPath, at: 'key' | 'value') => Place;

export function locateIn(document: Document.Parsed, place: (offset: number) => Place): Locate {
  return (path, at) => {
    let key: Node | null = null;
    let value: Node | null = document.contents;
    for (const part of path) {
      const found = child(isAlias(value) ? (value.resolve(document) ?? null) : value, part);
      if (found === null) return place(start(key ?? value));
      key = found.key;
      value = found.value;
    }
    return place(start(at === 'key' ? (key ?? value) : (value ?? key)));
  };
}

function child(parent: Node | null, part: string | number): { key: Node | null; value: Node | null } | null {
  if (isSeq(parent)) {
    const item = parent.items[Number(part)];
    return isNode(item) ? { key: null, value: item } : null;
  }
  if (!isMap(parent)) return null;
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
  return pair === undefined ? null : { key: asNode(pair.key), value: asNode(pair.value) };
}

function asNode(value: unknown): Node | null {
  return isNode(value) ? value : null;
}

function start(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
