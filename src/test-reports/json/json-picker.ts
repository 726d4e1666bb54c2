import type { ProblemList } from '../problem-list.ts';
import { overLimit } from '../refusal.ts';
import type { JsonEvents } from './json-scanner.ts';
import type { JsonValue } from './json-value.ts';

/** Keys and indices from the root to a value. It changes under whoever keeps it. */
export type JsonPath = readonly (string | number)[];

/** Which parts of a document are wanted, so that a large one never stands in memory as a whole. */
export interface JsonPicker {
  /** `enter`: ask again for what is in it; `take`: build it and hand it over; `skip`: check it and forget it. */
  choose(path: JsonPath): 'enter' | 'take' | 'skip';
  take(path: JsonPath, value: JsonValue): void;
  /** A container that was entered has closed. */
  leave?(path: JsonPath): void;
  /** Keys that are skipped wherever they stand inside a taken value. */
  readonly drop?: ReadonlySet<string>;
}

const keysMax = 100_000;
const nodesMax = 2_000_000;
const charsMax = 128 * 1024 * 1024;

interface Frame {
  readonly kind: '{' | '[';
  readonly mode: 'enter' | 'take';
  readonly keys: Set<string>;
  readonly list: JsonValue[];
  readonly object: Record<string, JsonValue>;
}

/** Turns the scanner's events into what the picker wants. Duplicate keys are a doubt: readers differ in which one counts. */
export function pickJson(picker: JsonPicker, problems: ProblemList): JsonEvents {
  const path: (string | number)[] = [];
  const frames: Frame[] = [];
  let skippedDepth = 0;
  let skipNext = false;
  let chosen: 'enter' | 'take' | 'skip' = 'skip';
  let nodes = 0;
  let chars = 0;

  const parent = (): Frame | undefined => frames.at(-1);
  const beginItem = (): void => {
    const frame = parent();
    if (frame?.kind !== '[') return;
    const last = path.length - 1;
    path[last] = Number(path[last]) + 1;
  };
  const choose = (): void => {
    const frame = parent();
    if (skipNext) chosen = 'skip';
    else if (frame?.mode === 'take') chosen = 'take';
    else chosen = picker.choose(path);
  };
  const put = (value: JsonValue): void => {
    const frame = parent();
    if (frame === undefined || frame.mode === 'enter') {
      picker.take(path, value);
      nodes = 0;
      chars = 0;
    } else if (frame.kind === '[') frame.list.push(value);
    else frame.object[String(path.at(-1))] = value;
  };
  const count = (size: number): void => {
    nodes += 1;
    chars += size;
    if (nodes > nodesMax) throw overLimit('values in one entry', nodesMax, 'this is no test report');
    if (chars > charsMax)
      throw overLimit('characters in one entry', charsMax, 'let the runner keep long output out of its report');
  };
  const open = (kind: '{' | '['): void => {
    if (skippedDepth > 0) {
      skippedDepth += 1;
      return;
    }
    beginItem();
    choose();
    if (chosen === 'skip') {
      skippedDepth = 1;
      return;
    }
    count(0);
    frames.push({ kind, mode: chosen, keys: new Set(), list: [], object: Object.create(null) });
    path.push(kind === '[' ? -1 : '');
  };
  const close = (): void => {
    if (skippedDepth > 0) {
      skippedDepth -= 1;
      if (skippedDepth === 0) skipNext = false;
      return;
    }
    path.pop();
    const frame = frames.pop();
    if (frame?.mode === 'enter') picker.leave?.(path);
    else if (frame !== undefined) put(frame.kind === '[' ? frame.list : frame.object);
  };
  const key = (name: string): void => {
    const frame = parent();
    if (skippedDepth > 0 || frame === undefined) return;
    if (frame.keys.has(name)) problems.once(duplicate(name));
    frame.keys.add(name);
    if (frame.keys.size > keysMax) throw overLimit('keys in one object', keysMax, 'this is no test report');
    path[path.length - 1] = name;
    skipNext = frame.mode === 'take' && picker.drop?.has(name) === true;
  };
  const scalar = (value: string | number | boolean | null): void => {
    if (skippedDepth > 0) return;
    // For a string the choice was made when it began.
    if (typeof value !== 'string') {
      beginItem();
      choose();
    }
    skipNext = false;
    if (chosen === 'skip') return;
    count(typeof value === 'string' ? value.length : 0);
    put(value);
  };
  const wantsText = (): boolean => {
    if (skippedDepth > 0) return false;
    beginItem();
    choose();
    return chosen !== 'skip';
  };
  const notANumber = (word: string): void => {
    const message = `${word} stands where JSON allows a number only; read as nothing`;
    problems.once({ code: 'unreadable-number', weight: 'note', message });
  };
  return { open, close, key, scalar, notANumber, wantsText };
}

function duplicate(name: string) {
  const message = `the key "${name.slice(0, 40)}" stands twice in one object; which one counts is not said`;
  return { code: 'duplicate-key', weight: 'doubt', message } as const;
}
