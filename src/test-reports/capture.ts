/** Collects the text of one element up to a limit in characters, and counts what did not fit. */
export interface Capture {
  kept: string;
  cutChars: number;
  readonly limit: number;
}

export function makeCapture(limit: number): Capture {
  return { kept: '', cutChars: 0, limit };
}

export function capture(into: Capture, text: string): void {
  const room = into.limit - into.kept.length;
  into.kept += room >= text.length ? text : text.slice(0, Math.max(0, room));
  into.cutChars += Math.max(0, text.length - Math.max(0, room));
}

export function captured(from: Capture): string {
  const text = own(from.kept.trim());
  return from.cutChars === 0 ? text : `${text}\n[${from.cutChars} more characters in the report]`;
}

/**
 * A copy with memory of its own. A piece cut from a chunk keeps the whole chunk alive in V8, and with all tests kept that
 * would be the whole file.
 */
export function own(text: string): string {
  return text.length < 13 ? text : ` ${text}`.slice(1);
}
