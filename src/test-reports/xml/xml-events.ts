/** Made by the XML parser without a prototype, so that `__proto__` is a name like any other. */
export type Attributes = Readonly<Record<string, string>>;

/** The XML parser's events, in document order. */
export interface XmlEvents {
  open(name: string, attributes: Attributes, line: number): void;
  text(value: string): void;
  comment(value: string): void;
  close(): void;
}
