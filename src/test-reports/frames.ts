import type { StackFrame } from '../core/test-report.ts';
import { placeInRoot } from './report-paths.ts';

const framesMax = 50;
const linesMax = 2_000;
const lineCharsMax = 1_000;

interface Place {
  file: string;
  line: number;
  column?: number;
  function?: string;
}

/**
 * The places named in a stack text of V8, Python, pytest, the JVM, .NET, Go, vitest or a compiler, in the order of the text,
 * as far as they lie in `root`. What belongs to a runtime (`node:`) or to another folder is left out.
 */
export function parseFrames(text: string, root: string): StackFrame[] {
  const frames: StackFrame[] = [];
  for (const line of text.split('\n', linesMax)) {
    const place = placeOf(line.slice(0, lineCharsMax).trimEnd());
    if (place === null || place.file.startsWith('node:')) continue;
    const file = placeInRoot(place.file, root);
    if (file === null) continue;
    place.file = file;
    frames.push(place);
    if (frames.length === framesMax) break;
  }
  return frames;
}

function placeOf(line: string): Place | null {
  const text = line.trimStart();
  if (text.startsWith('at ')) return ofCall(text.slice(3));
  if (text.startsWith('File "')) return ofPython(text);
  if (text.startsWith('❯ ')) return ofVitest(text.slice(2));
  return ofPrefix(text);
}

/** `fn (file:///x.js:4:33) {`, `async file:///x.js:1:2`, `a.b.C.m(C.java:12)`, `A.B.M(Int32 i) in C:\x\M.cs:line 67`. */
function ofCall(text: string): Place | null {
  const dotnet = text.includes(':line ') ? / in (.+):line (\d+)$/.exec(text) : null;
  if (dotnet !== null) return at(text.slice(0, dotnet.index), dotnet[1], dotnet[2]);
  const open = text.lastIndexOf('(');
  const close = text.indexOf(')', open);
  if (open === -1 || close === -1) return located(text.replace(/^async /, '').replace(/ \{$/, ''), undefined);
  const name = text.slice(0, open).trim();
  const place = located(text.slice(open + 1, close), name === '' ? undefined : name);
  if (place === null || !/^\w+\.(?:java|kt|scala|groovy)$/.test(place.file)) return place;
  place.file = jvmFolder(name) + place.file;
  return place;
}

/** The JVM names a class and a bare file; the package is the folder. */
function jvmFolder(name: string): string {
  const method = name.lastIndexOf('.');
  const type = method <= 0 ? -1 : name.lastIndexOf('.', method - 1);
  const from = name.lastIndexOf('/') + 1;
  return type < from ? '' : name.slice(from, type + 1).replaceAll('.', '/');
}

function ofPython(text: string): Place | null {
  const match = /^File "([^"]+)", line (\d+)(?:, in (.+))?/.exec(text);
  return match === null ? null : at(match[3], match[1], match[2]);
}

function ofVitest(text: string): Place | null {
  const space = text.lastIndexOf(' ');
  return located(text.slice(space + 1), space === -1 ? undefined : text.slice(0, space));
}

/** `tests/test_x.py:52: in test_y`, `x_test.go:12: message`, `/a/x.go:7 +0x1d`, `main.cpp:58: error`. */
function ofPrefix(text: string): Place | null {
  const match = /^((?:[A-Za-z]:)?[^\s:()"'<>]+\.[A-Za-z]{1,5}):(\d+)(?::(\d+))?(?::| |$)(?: ?in (\S+))?/.exec(text);
  return match === null ? null : at(match[4], match[1], match[2], match[3]);
}

function located(text: string, name: string | undefined): Place | null {
  const last = numberBefore(text, text.length);
  if (last === -1) return null;
  const first = numberBefore(text, last);
  if (first > 0) return at(name, text.slice(0, first), text.slice(first + 1, last), text.slice(last + 1));
  return last > 0 ? at(name, text.slice(0, last), text.slice(last + 1)) : null;
}

/** Where `:123` begins that ends at `end`, or -1. */
function numberBefore(text: string, end: number): number {
  let from = end;
  while (from > 0 && text.charCodeAt(from - 1) >= 48 && text.charCodeAt(from - 1) <= 57) from -= 1;
  return from < end && text.charCodeAt(from - 1) === 58 ? from - 1 : -1;
}

function at(name: string | undefined, file = '', line = '', column?: string): Place {
  const place: Place = { file, line: Number(line) };
  if (column !== undefined) place.column = Number(column);
  if (name !== undefined) place.function = name;
  return place;
}
