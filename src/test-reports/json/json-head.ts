import { decodeHead } from '../decode.ts';
import { Refusal } from '../refusal.ts';
import { type JsonEvents, makeJsonScanner } from './json-scanner.ts';

const depthShown = 3;

/**
 * The keys that a JSON document begins with, as paths joined by dots (`config.rootDir`, list items as `[]`), as far as the
 * head goes; short texts with their value (`reportFormat=CTRF`). Empty for what is not JSON.
 */
export function jsonHead(head: Uint8Array): ReadonlySet<string> {
  const found = new Set<string>();
  const path: string[] = [];
  const kinds: ('{' | '[')[] = [];
  const events: JsonEvents = {
    open: (kind) => {
      if (kinds.at(-1) === '[') path[path.length - 1] = '[]';
      kinds.push(kind);
      path.push(kind === '[' ? '[]' : '');
      if (path.length <= depthShown) found.add(`${path.slice(0, -1).join('.')}${kind}`);
    },
    close: () => {
      kinds.pop();
      path.pop();
    },
    key: (name) => {
      path[path.length - 1] = name;
      if (path.length <= depthShown) found.add(path.join('.'));
    },
    scalar: (value) => {
      if (path.length <= depthShown && String(value).length <= 40) found.add(`${path.join('.')}=${value}`);
    },
    notANumber: () => {},
    wantsText: () => path.length <= depthShown,
  };
  try {
    makeJsonScanner(events, { depthMax: 200, textCharsMax: head.length }).write(decodeHead(head));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  return found;
}
