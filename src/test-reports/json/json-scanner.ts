import { overLimit, Refusal } from '../refusal.ts';

/** What stands in a JSON text, in order. The scanner throws a `Refusal` for everything that is not JSON. */
export interface JsonEvents {
  open(kind: '{' | '['): void;
  close(): void;
  key(name: string): void;
  scalar(value: string | number | boolean | null): void;
  /** `NaN`, `Infinity` and `-Infinity`, which Python writes and JSON does not know: handed on as null. */
  notANumber(word: string): void;
  /** Whether the text of the string that begins now is wanted; if not, it is checked but not kept. */
  wantsText(): boolean;
}

export interface JsonScanner {
  write(text: string): void;
  end(): void;
  place(): { line: number; column: number };
}

type Expected = 'value' | 'value or ]' | 'key or }' | 'key' | ':' | ', or end' | 'nothing more';

const wordCharsMax = 1_000;

/** A strict JSON reader in constant memory: one document, `depthMax` levels, strings of `textCharsMax` UTF-16 units. */
export function makeJsonScanner(events: JsonEvents, limits: { depthMax: number; textCharsMax: number }): JsonScanner {
  const containers: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let line = 1;
  let lineStart = 0;
  let offset = 0;
  let token: 'string' | 'word' | null = null;
  let kept = '';
  let keptChars = 0;
  let wanted = true;
  let pending = '';

  const place = (at: number) => ({ line, column: offset + at - lineStart + 1 });
  const refuse = (what: string, at: number): Refusal => unexpected(what, expected, place(at));
  const afterValue = (): void => {
    expected = containers.length === 0 ? 'nothing more' : ', or end';
  };
  const mayBeginValue = (): boolean => expected === 'value' || expected === 'value or ]';
  const mayBeginKey = (): boolean => expected === 'key' || expected === 'key or }';

  const endString = (): void => {
    const text = kept;
    token = null;
    kept = '';
    if (mayBeginKey()) {
      expected = ':';
      events.key(text);
      return;
    }
    afterValue();
    events.scalar(text);
  };
  const keep = (text: string, from: number, to: number): void => {
    keptChars += to - from;
    if (!wanted) return;
    if (keptChars > limits.textCharsMax) {
      throw overLimit(
        'characters in one string',
        limits.textCharsMax,
        'let the runner keep long output out of its report',
      );
    }
    kept += text.slice(from, to);
  };
  const inString = (text: string, from: number): number => {
    if (pending !== '') return inEscape(text, from);
    let at = from;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 34 || code === 92 || code < 32) break;
    }
    keep(text, from, at);
    if (at === text.length) return at;
    const code = text.charCodeAt(at);
    if (code < 32) throw refuse('a control character inside a string', at);
    if (code === 92) pending = '\\';
    else endString();
    return at + 1;
  };
  const inEscape = (text: string, at: number): number => {
    pending += text[at];
    const letter = pending[1] ?? '';
    if (letter === 'u') {
      if (!/^\\u[\da-fA-F]{0,4}$/.test(pending)) throw refuse(`the escape ${pending}`, at);
      if (pending.length < 6) return at + 1;
      keep(String.fromCharCode(Number.parseInt(pending.slice(2), 16)), 0, 1);
    } else {
      const meant = escapes.get(letter);
      if (meant === undefined) throw refuse(`the escape ${pending}`, at);
      keep(meant, 0, 1);
    }
    pending = '';
    return at + 1;
  };
  const inWord = (text: string, from: number): number => {
    let at = from;
    while (at < text.length && isWordCode(text.charCodeAt(at))) at += 1;
    kept += text.slice(from, at);
    if (kept.length > wordCharsMax) throw refuse('a number without an end', at);
    if (at < text.length) endWord(at);
    return at;
  };
  const endWord = (at: number): void => {
    const word = kept;
    kept = '';
    token = null;
    const value = wordValue(word);
    if (value === undefined) throw refuse(`"${word.slice(0, 40)}"`, at);
    afterValue();
    if (Number.isNaN(value)) events.notANumber(word);
    events.scalar(Number.isNaN(value) ? null : value);
  };
  const open = (kind: '{' | '[', at: number): void => {
    if (!mayBeginValue()) throw refuse(kind, at);
    if (containers.length >= limits.depthMax) {
      throw overLimit('levels inside each other', limits.depthMax, 'this is no test report');
    }
    containers.push(kind);
    expected = kind === '{' ? 'key or }' : 'value or ]';
    events.open(kind);
  };
  const close = (kind: '{' | '[', at: number): void => {
    const empty = expected === (kind === '{' ? 'key or }' : 'value or ]');
    if (containers.at(-1) !== kind || !(empty || expected === ', or end')) throw refuse(kind === '{' ? '}' : ']', at);
    containers.pop();
    afterValue();
    events.close();
  };
  const comma = (at: number): void => {
    if (expected !== ', or end') throw refuse(',', at);
    expected = containers.at(-1) === '{' ? 'key' : 'value';
  };
  const colon = (at: number): void => {
    if (expected !== ':') throw refuse(':', at);
    expected = 'value';
  };
  const beginString = (at: number): void => {
    if (!mayBeginValue() && !mayBeginKey()) throw refuse('a string', at);
    token = 'string';
    keptChars = 0;
    wanted = mayBeginKey() || events.wantsText();
  };
  const between = (text: string, at: number): number => {
    const code = text.charCodeAt(at);
    if (code === 10) {
      line += 1;
      lineStart = offset + at + 1;
    } else if (code === 34) beginString(at);
    else if (code === 123) open('{', at);
    else if (code === 91) open('[', at);
    else if (code === 125) close('{', at);
    else if (code === 93) close('[', at);
    else if (code === 44) comma(at);
    else if (code === 58) colon(at);
    else if (isWordCode(code)) return beginWord(at);
    else if (code !== 32 && code !== 9 && code !== 13) throw refuse(JSON.stringify(text[at]), at);
    return at + 1;
  };
  const beginWord = (at: number): number => {
    if (!mayBeginValue()) throw refuse('a word', at);
    token = 'word';
    return at;
  };
  const write = (text: string): void => {
    let at = 0;
    while (at < text.length) {
      if (token === 'string') at = inString(text, at);
      else if (token === 'word') at = inWord(text, at);
      else at = between(text, at);
    }
    offset += text.length;
  };
  const end = (): void => {
    if (token === 'word') endWord(0);
    if (expected !== 'nothing more') throw truncated(place(0));
  };
  return { write, end, place: () => place(0) };
}

const escapes = new Map([...'"\\/'].map((letter) => [letter, letter]));
for (const [letter, meant] of ['b\b', 'f\f', 'n\n', 'r\r', 't\t']) escapes.set(letter ?? '', meant ?? '');

/** Letters, digits, `+`, `-`, `.` and `_`: what numbers and the three words are made of. */
function isWordCode(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    code === 45 ||
    code === 43 ||
    code === 46 ||
    code === 95
  );
}

/** Undefined: no JSON. NaN: one of the words that Python writes. */
function wordValue(word: string): number | boolean | null | undefined {
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(word)) return Number(word);
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === 'null') return null;
  return /^(?:NaN|-?Infinity)$/.test(word) ? Number.NaN : undefined;
}

function unexpected(what: string, expected: Expected, place: { line: number; column: number }): Refusal {
  if (expected === 'nothing more') {
    const hint = 'two runs wrote into one file; give each its own';
    const message = `a second document begins where the first one ended, with ${what}`;
    return new Refusal({ reason: 'two-roots', message, hint, ...place });
  }
  if (what === '"<"' || what === '">"') {
    const message = `${what} where JSON expects ${expected}; the file may hold merge conflict markers`;
    return new Refusal({ reason: 'conflict-markers', message, hint: 'run the suite again', ...place });
  }
  const hint = 'the report is not JSON as its standard demands; see the runner or its reporter';
  return new Refusal({ reason: 'not-well-formed', message: `${what} where JSON expects ${expected}`, hint, ...place });
}

function truncated(place: { line: number; column: number }): Refusal {
  const hint = 'the runner was killed or ran out of disk while it wrote; look at its exit code and output';
  return new Refusal({
    reason: 'truncated',
    message: 'the report ends too early: its JSON is not closed',
    hint,
    ...place,
  });
}
