import type { TestCase } from '../../core/test-report.ts';
import { isSame } from '../byte-room.ts';
import { hashNext } from '../id-hash.ts';
import { testId } from '../test-id.ts';
import { bareAttempts, noFrames, noProperties } from '../test-parts.ts';
import type { PassedTest } from '../test-store.ts';
import { tidyName } from '../tidy-name.ts';
import { bytesOf, type XmlTag } from '../xml/xml-tag.ts';
import type { JUnitContext } from './junit-context.ts';
import { type OpenCase, openCase } from './open-case.ts';
import type { OpenSuite } from './open-suite.ts';

/** A `testcase` of which its tag tells nothing but name, class, file, line and time. Most are so, and pass. */
export interface PlainCase extends PassedTest {
  /** As they are written, for when it turns out not to be so plain. */
  givenClass: string | undefined;
  givenFile: string | undefined;
  readonly givenTime: Uint8Array;
  givenTimeLength: number;
  lineOfTag: number;
}

export function makePlainCase(nameChars: number): PlainCase {
  return {
    suite: '',
    className: null,
    file: undefined,
    durationMs: null,
    name: new Uint8Array(Math.min(nameChars, 4096)),
    nameLength: 0,
    nameHash: 0,
    givenClass: undefined,
    givenFile: undefined,
    givenTime: new Uint8Array(timeBytesMax),
    givenTimeLength: -1,
    lineOfTag: 0,
  };
}

const timeBytesMax = 15;
const powersOfTen = Array.from({ length: timeBytesMax }, (_, power) => Number(`1e${power}`));

/** Fills `into` from a tag; false where the tag has more to it, or something that must be told. */
export type PlainReader = (tag: XmlTag, into: PlainCase, suite: OpenSuite | undefined) => boolean;

export function makePlainReader({ place, limits }: JUnitContext): PlainReader {
  const classTexts = latestText();
  const fileTexts = latestText();
  const tidied = latestAnswer((given) => tidyName(given, limits.nameChars));
  const placed = latestAnswer(place);
  const readAttribute = (tag: XmlTag, n: number, into: PlainCase): boolean => {
    switch (tag.names[n]) {
      case 'name':
        return readName(tag, n, into);
      case 'classname':
        into.givenClass = classTexts(tag, n);
        return true;
      case 'file':
        into.givenFile = fileTexts(tag, n);
        return true;
      case 'time':
        return readTime(tag, n, into);
      default:
        return !telling.includes(tag.names[n] as string);
    }
  };
  return (tag, into, suite) => {
    clear(into, suite);
    for (let n = 0; n < tag.count; n += 1) if (!readAttribute(tag, n, into)) return false;
    if (into.nameLength === 0) return false;
    into.className = into.givenClass ? tidied(into.givenClass) : null;
    const named = into.givenFile || suite?.file;
    const file = named ? placed(named) : undefined;
    into.file = file ?? undefined;
    return file !== null;
  };
}

/** Attributes that say more than where and how long. */
const telling = ['line', 'status', 'result'];

function clear(into: PlainCase, suite: OpenSuite | undefined): void {
  into.suite = suite?.path ?? '';
  into.nameLength = 0;
  into.givenTimeLength = -1;
  into.durationMs = null;
  into.givenClass = undefined;
  into.givenFile = undefined;
}

/** The text of an attribute that is mostly the one of the test before. */
function latestText(): (tag: XmlTag, n: number) => string {
  let known: Uint8Array = new Uint8Array(0);
  let text = '';
  return (tag, n) => {
    const bytes = bytesOf(tag, n);
    const [from, to] = [tag.from[n] as number, tag.to[n] as number];
    if (!isSame(known, bytes, from, to)) {
      known = Uint8Array.prototype.slice.call(bytes, from, to);
      text = bytes.toString('utf8', from, to);
    }
    return text;
  };
}

function latestAnswer<T>(ask: (given: string) => T): (given: string) => T {
  let latest: { given: string; answer: T } | undefined;
  return (given) => {
    if (latest?.given !== given) latest = { given, answer: ask(given) };
    return latest.answer;
  };
}

/** Not where it is too long, or where U+FFFD may be the beginning of a colour. */
function readName(tag: XmlTag, n: number, into: PlainCase): boolean {
  const bytes = bytesOf(tag, n);
  const from = tag.from[n] as number;
  const length = (tag.to[n] as number) - from;
  const { name } = into;
  if (length > name.length) return false;
  let hash = 0;
  for (let at = 0; at < length; at += 1) {
    const byte = bytes[from + at] as number;
    if (byte === 0xef) return false;
    name[at] = byte;
    hash = hashNext(hash, byte);
  }
  into.nameHash = hash;
  into.nameLength = length;
  return true;
}

/** Only what is written as digits with one point: exact, since all its digits fit into a number. */
function readTime(tag: XmlTag, n: number, into: PlainCase): boolean {
  const bytes = bytesOf(tag, n);
  const from = tag.from[n] as number;
  const length = (tag.to[n] as number) - from;
  if (length === 0 || length > timeBytesMax) return false;
  let digits = 0;
  let point = -1;
  for (let at = 0; at < length; at += 1) {
    const byte = bytes[from + at] as number;
    into.givenTime[at] = byte;
    if (byte === 46 && point === -1 && at > 0) point = at;
    else if (byte >= 48 && byte <= 57) digits = digits * 10 + byte - 48;
    else return false;
  }
  into.givenTimeLength = length;
  const seconds = point === -1 ? digits : digits / (powersOfTen[length - 1 - point] as number);
  into.durationMs = Math.round(seconds * 1e6) / 1e3;
  return true;
}

/** The same test as one that may turn out to be anything. */
export function openPlain(plain: PlainCase): OpenCase {
  const attributes: Record<string, string> = { name: textOf(plain.name, plain.nameLength) };
  if (plain.givenClass !== undefined) attributes.classname = plain.givenClass;
  if (plain.givenFile !== undefined) attributes.file = plain.givenFile;
  if (plain.givenTimeLength !== -1) attributes.time = textOf(plain.givenTime, plain.givenTimeLength);
  return openCase(attributes, plain.lineOfTag);
}

/** The same test as one that passed. */
export function passedTest(plain: PassedTest): TestCase {
  const { suite, className, file, durationMs } = plain;
  const name = textOf(plain.name, plain.nameLength);
  return {
    id: testId(suite, className, name),
    suite,
    className,
    name,
    outcome: 'passed',
    durationMs,
    ...(file === undefined ? {} : { file }),
    frames: noFrames,
    attempts: bareAttempts.passed,
    properties: noProperties,
  };
}

function textOf(bytes: Uint8Array, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString();
}
