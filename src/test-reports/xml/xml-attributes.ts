import { overLimit } from '../refusal.ts';
import { byteIs, byteKinds, skipSpace } from './xml-bytes.ts';
import { type KnownName, type NameTable, nameEnd } from './xml-names.ts';
import { resolveText } from './xml-references.ts';
import type { OpenTag } from './xml-tag.ts';

/** A start tag, read up to `>` or `/>`: -1 while it is not whole. */
export type TagReader = (tag: OpenTag, from: number, to: number) => number;

export interface TagOptions {
  readonly names: NameTable;
  readonly attributesMax: number;
  /** Throws. */
  readonly fault: (what: string, at: number) => never;
  /** A "<" in a value, which XML forbids and people write: it is read as text, and whoever asks must be told. */
  readonly rawAngle: (at: number) => void;
}

export function makeTagReader({ names, attributesMax, fault, rawAngle }: TagOptions): TagReader {
  let tagNumber = 0;
  const readTag: TagReader = (tag, from, to) => {
    tagNumber += 1;
    tag.count = 0;
    tag.resolved.length = 0;
    let here = from;
    while (here !== -1) {
      const next = skipSpace(tag.bytes, here, to);
      if (next === to) return -1;
      const byte = tag.bytes[next];
      if (byte === 62 || byte === 47) return tagEnd(tag.bytes, next, to);
      if (next === here) fault('no whitespace between attributes.', next);
      if (tag.count >= attributesMax)
        throw overLimit('attributes on one element', attributesMax, 'this is no test report');
      here = readAttribute(tag, next, to);
    }
    return -1;
  };
  const tagEnd = (bytes: Buffer, at: number, to: number): number => {
    if (bytes[at] === 62) return at;
    if (at + 1 === to) return -1;
    return bytes[at + 1] === 62 ? at : fault('forward-slash in opening tag not followed by >.', at);
  };
  const readAttribute = (tag: OpenTag, from: number, to: number): number => {
    const { bytes } = tag;
    const nameTo = nameEnd(bytes, from, to);
    if (nameTo === to) return -1;
    if (nameTo === from) fault('disallowed character in attribute name.', from);
    const equals = skipSpace(bytes, nameTo, to);
    if (equals === to) return -1;
    if (bytes[equals] !== 61) fault('attribute without value.', equals);
    const quote = skipSpace(bytes, equals + 1, to);
    if (quote === to) return -1;
    const mark = bytes[quote];
    if (mark !== 34 && mark !== 39) fault('unquoted attribute value.', quote);
    let kinds = 0;
    let end = quote + 1;
    for (; end < to && bytes[end] !== mark; end += 1) kinds |= byteKinds[bytes[end] as number] as number;
    if (end === to) return -1;
    const name = names.get(bytes, from, nameTo);
    if (name.tag === tagNumber) fault(`duplicate attribute: ${name.text.slice(0, 80)}.`, from);
    addAttribute(tag, name, { from: quote + 1, to: end, kinds });
    return end + 1;
  };
  const addAttribute = (tag: OpenTag, name: KnownName, value: { from: number; to: number; kinds: number }): void => {
    const n = tag.count;
    tag.count = n + 1;
    name.tag = tagNumber;
    tag.names[n] = name.text;
    tag.kinds[n] = value.kinds;
    if ((value.kinds & byteIs.less) !== 0) rawAngle(tag.bytes.indexOf(60, value.from));
    const rewritten = (value.kinds & (byteIs.reference | byteIs.lineEnd)) !== 0;
    tag.rewritten[n] = rewritten;
    tag.from[n] = rewritten ? tag.resolved.length : value.from;
    if (rewritten) {
      const bad = resolveText(tag.bytes, value.from, value.to, tag.resolved, 32);
      if (bad !== -1) fault(badReference(tag.bytes, bad, value.to), bad);
    }
    tag.to[n] = rewritten ? tag.resolved.length : value.to;
  };
  return readTag;
}

export function badReference(bytes: Buffer, at: number, to: number): string {
  const shown = bytes.toString('utf8', at + 1, Math.min(to, at + 160));
  return `the reference &${shown.split(';', 1)[0]?.slice(0, 40)}; is none of XML’s own.`;
}
