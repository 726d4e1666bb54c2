import { overLimit, Refusal } from '../refusal.ts';
import { resolveReferences } from './xml-entities.ts';
import type { XmlEvents } from './xml-events.ts';
import { nameEnd } from './xml-names.ts';

export interface XmlScanner {
  write(text: string): void;
  close(): void;
  /** Characters of the token that has begun and not ended. */
  waiting(): number;
  place(): { line: number; column: number };
}

const declaration =
  /^<\?xml\s+version\s*=\s*(["'])1\.\d+\1(?:\s+encoding\s*=\s*(["'])[A-Za-z][\w.-]*\2)?(?:\s+standalone\s*=\s*(["'])(?:yes|no)\3)?\s*\?>$/;

/**
 * XML 1.0 without document types, as strict as its standard: looks for the next mark with `indexOf`
 * and decodes only what has references. What is wrong is thrown as an error with `line:column: ` in front.
 */
export function makeXmlScanner(events: XmlEvents, attributesMax: number): XmlScanner {
  const names: string[] = [];
  let text = '';
  let at = 0;
  let line = 1;
  let counted = 0;
  let lineStart = 0;
  let rootClosed = false;
  let begun = false;

  const countLines = (to: number): number => {
    for (let next = text.indexOf('\n', counted); next !== -1 && next < to; next = text.indexOf('\n', counted)) {
      line += 1;
      counted = next + 1;
      lineStart = counted;
    }
    return line;
  };
  const wrong = (what: string, where: number): Error => {
    countLines(where);
    return new Error(`${line}:${where - lineStart}: ${what}`);
  };
  const resolved = (raw: string, where: number): string => {
    const answer = resolveReferences(raw);
    if (!answer.ok) throw wrong(`the reference &${answer.reference} is none of XML’s own.`, where);
    return answer.text;
  };
  /** Text up to the next tag; a tail that may go on (a reference, `]]`, a CR) waits. */
  const readText = (): boolean => {
    const next = text.indexOf('<', at);
    const end = next === -1 ? safeEnd(text, at) : next;
    if (end > at) {
      const raw = text.slice(at, end);
      if (names.length === 0) {
        if (/[^ \t\r\n]/.test(raw))
          throw wrong(
            rootClosed ? 'documents may contain only one root: text after it.' : 'text data outside of root node.',
            at,
          );
      } else {
        if (raw.includes(']]>')) throw wrong('the string "]]>" is disallowed in char data.', at);
        events.text(resolved(withLineFeeds(raw), at));
      }
      begun = true;
      at = end;
    }
    return next !== -1;
  };
  const readMarkup = (): boolean => {
    const second = text.charCodeAt(at + 1);
    if (Number.isNaN(second)) return false;
    if (second === 47) return readClose();
    if (second === 33) return readDeclared();
    return second === 63 ? readInstruction() : readOpen();
  };
  const readClose = (): boolean => {
    const end = text.indexOf('>', at);
    if (end === -1) return false;
    const name = text.slice(at + 2, end).trimEnd();
    const open = names.pop();
    if (name !== open) throw wrong(`unexpected close tag: ${name.slice(0, 80)}.`, at);
    at = end + 1;
    if (names.length === 0) rootClosed = true;
    events.close();
    return true;
  };
  const readDeclared = (): boolean => {
    const head = text.slice(at, at + 9);
    if (head.startsWith('<!--')) return readComment();
    if (head === '<![CDATA[') return readCdata();
    if (head === '<!DOCTYPE') throw doctype();
    if ('<!DOCTYPE'.startsWith(head) || '<![CDATA['.startsWith(head) || '<!--'.startsWith(head)) return false;
    throw wrong('a malformed declaration.', at);
  };
  const readComment = (): boolean => {
    const dashes = text.indexOf('--', at + 4);
    if (dashes === -1 || dashes + 2 >= text.length) return false;
    if (text[dashes + 2] !== '>') throw wrong('malformed comment.', dashes);
    events.comment(withLineFeeds(text.slice(at + 4, dashes)));
    at = dashes + 3;
    return true;
  };
  const readCdata = (): boolean => {
    if (names.length === 0) throw wrong('CDATA outside of root node.', at);
    const end = text.indexOf(']]>', at + 9);
    if (end === -1) return false;
    events.text(withLineFeeds(text.slice(at + 9, end)));
    at = end + 3;
    return true;
  };
  const readInstruction = (): boolean => {
    const end = text.indexOf('?>', at + 2);
    if (end === -1) return false;
    const nameTo = nameEnd(text, at + 2);
    const target = text.slice(at + 2, nameTo);
    if (target === '' || !/^[\s?]/.test(text.slice(nameTo, nameTo + 1)))
      throw wrong('processing instruction without a name.', at);
    if (target.toLowerCase() === 'xml' && (begun || !declaration.test(text.slice(at, end + 2))))
      throw wrong('the XML declaration is misplaced or malformed.', at);
    at = end + 2;
    return true;
  };
  const readOpen = (): boolean => {
    const end = nameEnd(text, at + 1);
    if (end === text.length) return false;
    if (end === at + 1) throw wrong('disallowed character in tag name.', at + 1);
    if (rootClosed) throw wrong('documents may contain only one root.', at);
    const attributes: Record<string, string> = {};
    const closing = readAttributes(end, attributes);
    if (closing === -1) return false;
    const name = text.slice(at + 1, end);
    const from = at;
    const empty = text.charCodeAt(closing) === 47;
    at = closing + (empty ? 2 : 1);
    names.push(name);
    events.open(name, attributes, countLines(from));
    if (!empty) return true;
    names.pop();
    if (names.length === 0) rootClosed = true;
    events.close();
    return true;
  };
  /** Where `>` or `/>` stands, or -1 while the tag is not whole. */
  const readAttributes = (from: number, attributes: Record<string, string>): number => {
    let here = from;
    for (let count = 0; here !== -1; count += 1) {
      const next = skipSpace(text, here);
      if (next === text.length) return -1;
      const code = text.charCodeAt(next);
      if (code === 62 || code === 47) return tagEnd(next);
      if (next === here) throw wrong('no whitespace between attributes.', next);
      if (count >= attributesMax) {
        throw overLimit('attributes on one element', attributesMax, 'this is no test report');
      }
      here = readAttribute(next, attributes);
    }
    return -1;
  };
  const tagEnd = (here: number): number => {
    if (text.charCodeAt(here) === 62) return here;
    if (here + 1 === text.length) return -1;
    if (text.charCodeAt(here + 1) === 62) return here;
    throw wrong('forward-slash in opening tag not followed by >.', here);
  };
  const readAttribute = (from: number, attributes: Record<string, string>): number => {
    const nameTo = nameEnd(text, from);
    if (nameTo === text.length) return -1;
    if (nameTo === from) throw wrong('disallowed character in attribute name.', from);
    const equals = skipSpace(text, nameTo);
    if (equals === text.length) return -1;
    if (text.charCodeAt(equals) !== 61) throw wrong('attribute without value.', equals);
    const quote = skipSpace(text, equals + 1);
    if (quote === text.length) return -1;
    const mark = text[quote];
    if (mark !== '"' && mark !== "'") throw wrong('unquoted attribute value.', quote);
    const end = text.indexOf(mark, quote + 1);
    if (end === -1) return -1;
    const name = text.slice(from, nameTo);
    if (Object.hasOwn(attributes, name)) throw wrong(`duplicate attribute: ${name.slice(0, 80)}.`, from);
    setOwn(attributes, name, attributeValue(quote + 1, end));
    return end + 1;
  };
  const attributeValue = (from: number, to: number): string => {
    const raw = text.slice(from, to);
    const less = raw.indexOf('<');
    if (less !== -1) throw wrong('disallowed character "<" in an attribute.', from + less);
    const plain = /[\t\n\r]/.test(raw) ? raw.replace(/\r\n?|[\n\t]/g, ' ') : raw;
    return resolved(plain, from);
  };
  const write = (more: string): void => {
    countLines(at);
    lineStart -= at;
    counted = Math.max(0, counted - at);
    text = text.slice(at) + more;
    at = 0;
    while (readText() && readMarkup()) begun = true;
  };
  const close = (): void => {
    const open = names.at(-1);
    if (open !== undefined) throw wrong(`unclosed tag: ${open.slice(0, 80)}`, text.length);
    if (at < text.length) throw wrong('the end is missing.', text.length);
    if (!rootClosed) throw wrong('document must contain a root element.', text.length);
  };
  const place = () => {
    countLines(at);
    return { line, column: at - lineStart };
  };
  return { write, close, waiting: () => text.length - at, place };
}

/** `__proto__` is a name like any other; all others can be set plainly, which V8 makes much smaller and faster. */
function setOwn(attributes: Record<string, string>, name: string, value: string): void {
  if (name === '__proto__')
    Object.defineProperty(attributes, name, { value, enumerable: true, configurable: true, writable: true });
  else attributes[name] = value;
}

function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 9 && code !== 13) break;
  }
  return at;
}

function safeEnd(text: string, from: number): number {
  const reference = text.lastIndexOf('&');
  let end = reference >= from && text.indexOf(';', reference) === -1 ? reference : text.length;
  while (end > from && (text[end - 1] === ']' || text[end - 1] === '\r')) end -= 1;
  return end;
}

function doctype(): Refusal {
  const hint = 'loop reads no document types, since they can pull in files and addresses; let the runner leave it out';
  return new Refusal({ reason: 'doctype', message: 'the report has a DOCTYPE', hint });
}
