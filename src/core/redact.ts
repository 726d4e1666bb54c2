import { formsOf } from './secret-forms.ts';

export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** A secret that cannot be redacted: so short a value would blacken innocent text. The owner of the config must know. */
interface RedactionProblem {
  readonly name: string;
  readonly message: string;
}

/** Replaces a secret by `[redacted:NAME]`, as it is and in the forms it takes in URLs, JSON, XML and base64. */
export interface Redactor {
  text(text: string): string;
  /** For bytes that arrive in pieces; a secret that is split over pieces is caught, whatever the pieces' sizes. */
  stream(): RedactingStream;
  readonly problems: readonly RedactionProblem[];
}

/** What may yet become a secret is held back until the next `write` or `end`. UTF-8 in, UTF-8 out; other bytes pass unchanged. */
interface RedactingStream {
  write(chunk: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

const valueCharsMin = 6;

export function makeRedactor(secrets: readonly Secret[]): Redactor {
  const known = secrets.filter(({ value }) => value.trim().length >= valueCharsMin);
  const ofText = makeScan(patternsOf(known, (form) => form));
  // One character a byte: pieces can then be cut anywhere without breaking a character.
  const ofBytes = makeScan(patternsOf(known, (form) => Buffer.from(form, 'utf8').toString('latin1')));
  const problems = secrets.flatMap(({ name, value }) => {
    if (value.trim() === '' || value.trim().length >= valueCharsMin) return [];
    return [{ name, message: `the value of ${name} is shorter than ${valueCharsMin} characters and is not redacted` }];
  });
  return { text: (text) => ofText(text, true).done, stream: () => makeStream(ofBytes), problems };
}

function makeStream(scan: Scan): RedactingStream {
  let held = '';
  const take = (text: string, last: boolean): Uint8Array => {
    const { done, rest } = scan(text, last);
    held = rest;
    return Buffer.from(done, 'latin1');
  };
  return {
    write: (chunk) => {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      return take(held + bytes.toString('latin1'), false);
    },
    end: () => take(held, true),
  };
}

interface Pattern {
  readonly text: string;
  readonly replacement: string;
}

/** Longest first, so that a secret inside a longer one does not leave the rest standing; then by name, to be deterministic. */
function patternsOf(secrets: readonly Secret[], encode: (form: string) => string): Pattern[] {
  const byText = new Map<string, string>();
  const sorted = secrets.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  for (const { name, value } of sorted) {
    for (const form of formsOf(value)) {
      const text = encode(form);
      if (form.length >= valueCharsMin && !byText.has(text)) byText.set(text, encode(`[redacted:${name}]`));
    }
  }
  const patterns = [...byText].map(([text, replacement]) => ({ text, replacement }));
  return patterns.toSorted((left, right) => right.text.length - left.text.length || (left.text < right.text ? -1 : 1));
}

/** `rest` is the end of the text that the next piece could turn into a secret; empty when `last`. */
type Scan = (text: string, last: boolean) => { done: string; rest: string };

function makeScan(patterns: readonly Pattern[]): Scan {
  if (patterns.length === 0) return (text) => ({ done: text, rest: '' });
  const replacements = new Map(patterns.map(({ text, replacement }) => [text, replacement]));
  const any = new RegExp(patterns.map(({ text }) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
  const undecidedFrom = makeUndecided(patterns);
  return (text, last) => {
    const out: string[] = [];
    let from = 0;
    let decided = last ? text.length : undecidedFrom(text, 0);
    for (;;) {
      any.lastIndex = from;
      const match = from < decided ? any.exec(text) : null;
      if (match === null || match.index >= decided) break;
      out.push(text.slice(from, match.index), replacements.get(match[0]) ?? '');
      from = match.index + match[0].length;
      if (from > decided) decided = undecidedFrom(text, from);
    }
    out.push(text.slice(from, decided));
    return { done: out.join(''), rest: text.slice(Math.max(from, decided)) };
  };
}

/** The first place, not before `from`, where the text ends in the middle of what may be a secret. */
function makeUndecided(patterns: readonly Pattern[]): (text: string, from: number) => number {
  const byFirst = new Map<string, string[]>();
  for (const { text } of patterns) byFirst.set(text.charAt(0), [...(byFirst.get(text.charAt(0)) ?? []), text]);
  const charsMax = patterns[0]?.text.length ?? 0;
  return (text, from) => {
    for (let at = Math.max(from, text.length - charsMax + 1); at < text.length; at += 1) {
      const candidates = byFirst.get(text.charAt(at));
      if (candidates === undefined) continue;
      const tail = text.slice(at);
      if (candidates.some((candidate) => candidate.length > tail.length && candidate.startsWith(tail))) return at;
    }
    return Math.max(from, text.length);
  };
}
