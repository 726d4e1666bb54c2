import { isSame } from '../byte-room.ts';
import { overLimit } from '../refusal.ts';
import { makeNextByte } from './next-byte.ts';
import { skipSpace } from './xml-bytes.ts';
import { type KnownName, type NameTable, nameEnd } from './xml-names.ts';
import { resolveText } from './xml-references.ts';
import type { OpenTag } from './xml-tag.ts';

export interface TagReader {
  /** Reads a start tag up to `>` or `/>`, and says where that stands: -1 while it is not whole. */
  read(tag: OpenTag, from: number, to: number): number;
  /** To be told when the tags to come stand in other bytes, or in the same at other places. */
  reset(bytes: Buffer): void;
}

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
  /** Names of attributes by their place in a tag: tags that follow each other are mostly alike. */
  const usual: KnownName[] = [];
  const next = {
    less: makeNextByte(60),
    reference: makeNextByte(38),
    lineFeed: makeNextByte(10),
    tab: makeNextByte(9),
    carriageReturn: makeNextByte(13),
  };
  const reset = (bytes: Buffer): void => {
    for (const one of Object.values(next)) one.reset(bytes);
  };
  const read: TagReader['read'] = (tag, from, to) => {
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
    const expected = usual[tag.count];
    const expectedTo = sameNameEnd(expected, bytes, from);
    const nameTo = expectedTo === -1 ? nameEnd(bytes, from, to) : expectedTo;
    if (nameTo === to) return -1;
    if (nameTo === from) fault('disallowed character in attribute name.', from);
    const equals = skipSpace(bytes, nameTo, to);
    if (equals === to) return -1;
    if (bytes[equals] !== 61) fault('attribute without value.', equals);
    const quote = skipSpace(bytes, equals + 1, to);
    if (quote === to) return -1;
    const mark = bytes[quote];
    if (mark !== 34 && mark !== 39) fault('unquoted attribute value.', quote);
    const end = bytes.indexOf(mark as number, quote + 1);
    if (end === -1) return -1;
    const name = nameTo === expectedTo ? (expected as KnownName) : names.get(bytes, from, nameTo);
    if (name.tag === tagNumber) fault(`duplicate attribute: ${name.text.slice(0, 80)}.`, from);
    usual[tag.count] = name;
    addAttribute(tag, name, quote + 1, end);
    return end + 1;
  };
  const addAttribute = (tag: OpenTag, name: KnownName, from: number, to: number): void => {
    const n = tag.count;
    tag.count = n + 1;
    name.tag = tagNumber;
    tag.names[n] = name.text;
    if (next.less.from(from) < to) rawAngle(next.less.from(from));
    const rewritten =
      next.reference.from(from) < to ||
      next.lineFeed.from(from) < to ||
      next.tab.from(from) < to ||
      next.carriageReturn.from(from) < to;
    tag.rewritten[n] = rewritten;
    tag.from[n] = rewritten ? tag.resolved.length : from;
    if (rewritten) {
      const bad = resolveText(tag.bytes, from, to, tag.resolved, 32);
      if (bad !== -1) fault(badReference(tag.bytes, bad, to), bad);
    }
    tag.to[n] = rewritten ? tag.resolved.length : to;
  };
  /** Where the name ends that the same place of the tag before had, if it stands here too; else -1. */
  const sameNameEnd = (known: KnownName | undefined, bytes: Buffer, from: number): number => {
    if (known === undefined) return -1;
    const to = from + known.bytes.length;
    return bytes[to] === 61 && isSame(known.bytes, bytes, from, to) ? to : -1;
  };
  return { read, reset };
}

export function badReference(bytes: Buffer, at: number, to: number): string {
  const shown = bytes.toString('utf8', at + 1, Math.min(to, at + 160));
  return `the reference &${shown.split(';', 1)[0]?.slice(0, 40)}; is none of XML’s own.`;
}
