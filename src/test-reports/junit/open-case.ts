import { type Capture, makeCapture } from '../capture.ts';
import type { Attributes } from '../xml/xml-events.ts';

const resultKinds = [
  'failure',
  'error',
  'skipped',
  'flakyFailure',
  'flakyError',
  'rerunFailure',
  'rerunError',
] as const;

/** The elements in a `testcase` that say how it went. `flaky…`: red attempts of a test that passed in the end; `rerun…`: later red ones. */
export type ResultKind = (typeof resultKinds)[number];

export function resultKindOf(element: string): ResultKind | null {
  return resultKinds.find((kind) => kind === element) ?? null;
}

export interface OpenResult {
  readonly kind: ResultKind;
  readonly message: string | undefined;
  readonly type: string | undefined;
  readonly text: Capture;
}

export interface OpenCase {
  readonly attributes: Attributes;
  readonly line: number;
  readonly results: OpenResult[];
  readonly properties: { name: string; value: string }[];
  stdout: Capture | null;
  stderr: Capture | null;
}

export function openCase(attributes: Attributes, line: number): OpenCase {
  return { attributes, line, results: [], properties: [], stdout: null, stderr: null };
}

export function openResult(kind: ResultKind, attributes: Attributes, keptChars: number): OpenResult {
  const message = attributes.message === undefined ? undefined : attributes.message.slice(0, keptChars);
  return { kind, message, type: attributes.type, text: makeCapture(keptChars) };
}
