import { isSame, makeByteRoom, makeRoom } from '../byte-room.ts';
import { overLimit, Refusal } from '../refusal.ts';
import { badReference, makeTagReader } from './xml-attributes.ts';
import { byteIs, charsIn, kindsIn, skipSpace } from './xml-bytes.ts';
import type { XmlEvents } from './xml-events.ts';
import { type KnownName, makeNameTable, nameEnd } from './xml-names.ts';
import { makeLineCount } from './xml-place.ts';
import { resolveText } from './xml-references.ts';
import { attributesOf, makeTag } from './xml-tag.ts';

export interface XmlScanner {
  /** Whole characters of UTF-8 without those that XML forbids. They are copied. */
  write(more: Uint8Array): void;
  close(): void;
  place(): { line: number; column: number };
  /** What has begun and not ended. */
  waiting(): Buffer;
}

export interface ScannerLimits {
  readonly attributes: number;
  readonly tokenChars: number;
}

const declaration =
  /^<\?xml\s+version\s*=\s*(["'])1\.\d+\1(?:\s+encoding\s*=\s*(["'])[A-Za-z][\w.-]*\2)?(?:\s+standalone\s*=\s*(["'])(?:yes|no)\3)?\s*\?>$/;
const comment = Buffer.from('<!--');
const cdata = Buffer.from('<![CDATA[');
const cdataEnd = Buffer.from(']]>');
const dashes = Buffer.from('--');
const instructionEnd = Buffer.from('?>');

/**
 * XML 1.0 without document types, as strict as its standard but for "<" in an attribute's value, which `rawAngle` is told of.
 * Works on bytes and makes texts only of what is asked for. What is wrong is thrown as an error with `line:column: ` in front.
 */
export function makeXmlScanner(
  events: XmlEvents,
  limits: ScannerLimits,
  rawAngle: (line: number) => void = () => {},
): XmlScanner {
  const names = makeNameTable();
  const open: KnownName[] = [];
  const buffer = makeByteRoom(128 * 1024);
  const resolved = makeByteRoom(4096);
  const lines = makeLineCount();
  const tag = makeTag();
  let bytes = buffer.bytes.subarray(0, 0);
  let at = 0;
  let retryAt = 0;
  let rootClosed = false;
  let begun = false;

  const fault = (what: string, where: number): never => {
    throw new Error(`${lines.line(bytes, where)}:${lines.column(bytes, where)}: ${what}`);
  };
  const tags = makeTagReader({
    names,
    attributesMax: limits.attributes,
    fault,
    rawAngle: (where) => rawAngle(lines.line(bytes, where)),
  });
  let latest: KnownName | undefined;
  let tagFrom = 0;
  const tagLine = (): number => lines.line(bytes, tagFrom);

  /** Text up to the next tag; a tail that may go on (a reference, `]]`, a CR) waits. */
  const readText = (): boolean => {
    const begin = skipSpace(bytes, at, bytes.length);
    const next = bytes[begin] === 60 ? begin : bytes.indexOf(60, begin);
    const end = next === -1 ? safeEnd(bytes, at) : next;
    if (end > at) {
      if (open.length > 0) takeText(end);
      else if (begin < end) {
        fault(
          rootClosed ? 'documents may contain only one root: text after it.' : 'text data outside of root node.',
          at,
        );
      }
      begun = true;
      at = end;
    }
    return next !== -1;
  };
  const takeText = (end: number): void => {
    const kinds = kindsIn(bytes, at, end);
    if ((kinds & byteIs.bracket) !== 0) {
      const found = bytes.indexOf(cdataEnd, at);
      if (found !== -1 && found < end) fault('the string "]]>" is disallowed in char data.', found);
    }
    const wanted = events.wantsText?.() ?? true;
    if (wanted || (kinds & byteIs.reference) !== 0) {
      const text = textBetween(at, end, kinds);
      if (wanted) events.text(text);
    }
  };
  const textBetween = (from: number, to: number, kinds: number): string => {
    if ((kinds & (byteIs.reference | byteIs.lineEnd)) === 0) return bytes.toString('utf8', from, to);
    resolved.length = 0;
    const bad = resolveText(bytes, from, to, resolved, 10);
    if (bad !== -1) fault(badReference(bytes, bad, to), bad);
    return resolved.bytes.toString('utf8', 0, resolved.length);
  };
  const readMarkup = (): boolean => {
    if (at + 1 >= bytes.length) return false;
    const second = bytes[at + 1];
    if (second === 47) return readClose();
    if (second === 33) return readDeclared();
    return second === 63 ? readInstruction() : readOpen();
  };
  const readClose = (): boolean => {
    const end = bytes.indexOf(62, at);
    if (end === -1) return false;
    const last = open.pop();
    let nameTo = end;
    while (nameTo > at + 2 && skipSpace(bytes, nameTo - 1, nameTo) === nameTo) nameTo -= 1;
    if (last === undefined || !isSame(last.bytes, bytes, at + 2, nameTo)) {
      fault(`unexpected close tag: ${bytes.toString('utf8', at + 2, nameTo).slice(0, 80)}.`, at);
    }
    at = end + 1;
    if (open.length === 0) rootClosed = true;
    events.close();
    return true;
  };
  const readDeclared = (): boolean => {
    if (startsWith(comment)) return readComment();
    if (startsWith(cdata)) return readCdata();
    const head = bytes.toString('latin1', at, Math.min(at + 9, bytes.length));
    if (head === '<!DOCTYPE') throw doctype();
    if ('<!DOCTYPE'.startsWith(head) || '<![CDATA['.startsWith(head) || '<!--'.startsWith(head)) return false;
    return fault('a malformed declaration.', at);
  };
  const startsWith = (mark: Buffer): boolean =>
    at + mark.length <= bytes.length && mark.compare(bytes, at, at + mark.length) === 0;
  const readComment = (): boolean => {
    const end = bytes.indexOf(dashes, at + 4);
    if (end === -1 || end + 2 >= bytes.length) return false;
    if (bytes[end + 2] !== 62) fault('malformed comment.', end);
    events.comment(bytes.toString('utf8', at + 4, end).replace(/\r\n?/g, '\n'));
    at = end + 3;
    return true;
  };
  const readCdata = (): boolean => {
    if (open.length === 0) fault('CDATA outside of root node.', at);
    const end = bytes.indexOf(cdataEnd, at + 9);
    if (end === -1) return false;
    if (events.wantsText?.() ?? true) events.text(bytes.toString('utf8', at + 9, end).replace(/\r\n?/g, '\n'));
    at = end + 3;
    return true;
  };
  const readInstruction = (): boolean => {
    const end = bytes.indexOf(instructionEnd, at + 2);
    if (end === -1) return false;
    const nameTo = nameEnd(bytes, at + 2, bytes.length);
    if (nameTo === at + 2 || (bytes[nameTo] !== 63 && skipSpace(bytes, nameTo, nameTo + 1) === nameTo)) {
      fault('processing instruction without a name.', at);
    }
    const isDeclaration = bytes.toString('utf8', at + 2, nameTo).toLowerCase() === 'xml';
    if (isDeclaration && (begun || !declaration.test(bytes.toString('utf8', at, end + 2)))) {
      fault('the XML declaration is misplaced or malformed.', at);
    }
    at = end + 2;
    return true;
  };
  const readOpen = (): boolean => {
    const isLatest = latest !== undefined && standsHere(latest);
    const nameTo = isLatest ? at + 1 + (latest as KnownName).bytes.length : nameEnd(bytes, at + 1, bytes.length);
    if (nameTo === bytes.length) return false;
    if (nameTo === at + 1) fault('disallowed character in tag name.', at + 1);
    if (rootClosed) fault('documents may contain only one root.', at);
    names.trim();
    const closing = tags.read(tag, nameTo, bytes.length);
    if (closing === -1) return false;
    const name = isLatest ? (latest as KnownName) : names.get(bytes, at + 1, nameTo);
    latest = name;
    const empty = bytes[closing] === 47;
    tagFrom = at;
    at = closing + (empty ? 2 : 1);
    open.push(name);
    tag.name = name.text;
    if (events.openTag?.(tag, tagLine) !== true) events.open(name.text, attributesOf(tag), tagLine());
    if (!empty) return true;
    open.pop();
    if (open.length === 0) rootClosed = true;
    events.close();
    return true;
  };
  /** Whether it is the name of the tag that begins here. */
  const standsHere = (name: KnownName): boolean => {
    const to = at + 1 + name.bytes.length;
    return bytes[to] === 32 && isSame(name.bytes, bytes, at + 1, to);
  };

  const scan = (): void => {
    while (readText() && readMarkup()) begun = true;
    const waiting = bytes.length - at;
    // What is not whole is not looked at again with every few bytes that come: 16 MB in one value would take minutes.
    retryAt = waiting + (waiting >> 3);
  };
  const write = (more: Uint8Array): void => {
    lines.drop(bytes, at);
    bytes.copyWithin(0, at, bytes.length);
    buffer.length = bytes.length - at;
    at = 0;
    makeRoom(buffer, more.length).set(more, buffer.length);
    buffer.length += more.length;
    bytes = buffer.bytes.subarray(0, buffer.length);
    tag.bytes = bytes;
    tags.reset(bytes);
    if (bytes.length < retryAt && bytes.length <= limits.tokenChars) return;
    scan();
    if (bytes.length - at > limits.tokenChars && charsIn(bytes, at, bytes.length) > limits.tokenChars) {
      throw overLimit(
        'characters in one piece of text',
        limits.tokenChars,
        'let the runner keep long output out of its report',
      );
    }
  };
  const close = (): void => {
    scan();
    const last = open.at(-1);
    if (last !== undefined) fault(`unclosed tag: ${last.text.slice(0, 80)}`, bytes.length);
    if (at < bytes.length) fault('the end is missing.', bytes.length);
    if (!rootClosed) fault('document must contain a root element.', bytes.length);
  };
  const place = () => ({ line: lines.line(bytes, at), column: lines.column(bytes, at) });
  return { write, close, place, waiting: () => bytes.subarray(at) };
}

function safeEnd(bytes: Buffer, from: number): number {
  const reference = bytes.lastIndexOf(38);
  let end = reference >= from && bytes.indexOf(59, reference) === -1 ? reference : bytes.length;
  while (end > from && (bytes[end - 1] === 93 || bytes[end - 1] === 13)) end -= 1;
  return end;
}

function doctype(): Refusal {
  const hint = 'loop reads no document types, since they can pull in files and addresses; let the runner leave it out';
  return new Refusal({ reason: 'doctype', message: 'the report has a DOCTYPE', hint });
}
