/** `__proto__` is a name like any other. Only fixed names may be asked for: `constructor` is answered by the prototype. */
export type Attributes = Readonly<Record<string, string>>;

/** The XML parser's events, in document order. */
export interface XmlEvents {
  open(name: string, attributes: Attributes, line: number): void;
  text(value: string): void;
  comment(value: string): void;
  close(): void;
}
