import { type ByteRoom, makeByteRoom } from '../byte-room.ts';

/** A start tag as it was scanned; valid until the next one. Values are UTF-8 with all references resolved. */
export interface XmlTag {
  readonly name: string;
  readonly count: number;
  readonly names: readonly string[];
  /** Where the nth value stands: between `from[n]` and `to[n]` of `bytesOf(tag, n)`. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** Whether the nth value was rewritten, and stands in `resolved`. */
  readonly rewritten: readonly boolean[];
  readonly bytes: Buffer;
  readonly resolved: ByteRoom;
}

export type OpenTag = { -readonly [key in keyof XmlTag]: XmlTag[key] extends readonly (infer T)[] ? T[] : XmlTag[key] };

export function makeTag(): OpenTag {
  return {
    name: '',
    count: 0,
    names: [],
    from: [],
    to: [],
    rewritten: [],
    bytes: Buffer.alloc(0),
    resolved: makeByteRoom(4096),
  };
}

export function bytesOf(tag: XmlTag, n: number): Buffer {
  return tag.rewritten[n] === true ? tag.resolved.bytes : tag.bytes;
}

export function attributesOf(tag: XmlTag): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (let n = 0; n < tag.count; n += 1) {
    setOwn(attributes, tag.names[n] as string, bytesOf(tag, n).toString('utf8', tag.from[n], tag.to[n]));
  }
  return attributes;
}

/** `__proto__` is a name like any other; all others can be set plainly, which V8 makes much smaller and faster. */
function setOwn(attributes: Record<string, string>, name: string, value: string): void {
  if (name === '__proto__')
    Object.defineProperty(attributes, name, { value, enumerable: true, configurable: true, writable: true });
  else attributes[name] = value;
}
