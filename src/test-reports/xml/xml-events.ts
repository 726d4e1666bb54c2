import type { XmlTag } from './xml-tag.ts';

/** `__proto__` is a name like any other. Only fixed names may be asked for: `constructor` is answered by the prototype. */
export type Attributes = Readonly<Record<string, string>>;

/** The XML parser's events, in document order. */
export interface XmlEvents {
  open(name: string, attributes: Attributes, line: number): void;
  /** Asked before `open`, which is left out when the answer is true: for whom texts of all attributes are too much. */
  openTag?(tag: XmlTag, line: () => number): boolean;
  text(value: string): void;
  /** False: text is checked, but not made. */
  wantsText?(): boolean;
  comment(value: string): void;
  close(): void;
}
