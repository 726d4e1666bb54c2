import { type ErrorClass, errorClass, statusIn } from './error-class.ts';
import type { Line } from './transcript-lines.ts';

export interface TranscriptError {
  readonly class: ErrorClass;
  /** The status that it named; null where it named none. */
  readonly code: string | null;
  /** Its first line and what belongs to it, clipped. */
  readonly text: string;
  readonly line: number;
}

const errorsMax = 20;
const continuationMax = 12;
const textCharsMax = 600;

/** `ERROR: (gcloud.run.deploy) …`, `gcloud.run.deploy: error: …`, and how other deployers begin an error. */
const gcloudError = /^\s*ERROR: \(gcloud[\w.-]*\) (.*)$/;
const gcloudCrash = /^\s*ERROR: (gcloud crashed .*)$/;
const usageError = /^\s*(?:usage: )?gcloud[\w.]*: error: (.*)$/i;
const otherError =
  /^\s*(?:\[?(?:ERROR|error|Error|FATAL|fatal)\]?(?: \(\w+\))?[:!] |(?=googleapi: Error )|(?=denied: )|(?=unauthorized: )|(?=[\w-]+: command not found))(.+)$/;

/** The errors that a deployer told, each once, in their order. */
export function errorsIn(lines: readonly Line[]): TranscriptError[] {
  const found = new Map<string, TranscriptError>();
  for (const [index, line] of lines.entries()) {
    const error = errorAt(lines, index, line);
    if (error !== null && !found.has(error.text)) found.set(error.text, error);
    if (found.size >= errorsMax) break;
  }
  return [...found.values()];
}

function errorAt(lines: readonly Line[], index: number, line: Line): TranscriptError | null {
  const usage = usageError.exec(line.text)?.[1];
  if (usage !== undefined) return { class: 'usage', code: null, text: clipped([usage]), line: line.n };
  const gcloud = (gcloudError.exec(line.text) ?? gcloudCrash.exec(line.text))?.[1];
  const first = gcloud ?? otherError.exec(line.text)?.[1];
  if (first === undefined) return null;
  const rest = gcloud === undefined ? [] : continuation(lines, index);
  const text = clipped([first, ...rest]);
  const code = statusIn(first);
  return { class: errorClass(code, text), code, text, line: line.n };
}

/** gcloud goes on in indented lines, in a list, or after a colon; what begins flush left is somebody else's. */
function continuation(lines: readonly Line[], index: number): string[] {
  const rest: string[] = [];
  let before = lines[index]?.text ?? '';
  for (const { text } of lines.slice(index + 1, index + 1 + continuationMax)) {
    const belongs = /^\s{2,}\S|^- /.test(text) || (before.endsWith(':') && !isStart(text));
    if (!belongs) break;
    rest.push(text.trim());
    before = text;
  }
  return rest;
}

function isStart(text: string): boolean {
  return gcloudError.test(text) || otherError.test(text);
}

function clipped(parts: readonly string[]): string {
  const text = parts.join(' ').trim();
  return text.length <= textCharsMax ? text : `${text.slice(0, textCharsMax - 1)}…`;
}
