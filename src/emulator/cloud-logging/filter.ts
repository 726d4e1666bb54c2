import { fromNanos, toNanos } from '../clock.ts';
import { fieldAt, valuesAt } from './filter-fields.ts';
import { type Comparison, type Filter, type FilterRead, parseFilter, syntaxError } from './filter-syntax.ts';
import type { Operator } from './filter-tokens.ts';
import { type LogEntry, severities, severityOf } from './log-entry.ts';

export type EntryTest = (entry: LogEntry) => boolean;
type ValueTest = (value: unknown) => boolean;

/** A filter of the Logging query language as a test of one entry, or the API's kind of message about what is wrong. */
export function compileFilter(text: string): FilterRead<EntryTest> {
  const filter = parseFilter(text);
  return filter.ok ? compile(filter.value, text) : filter;
}

function compile(filter: Filter, source: string): FilterRead<EntryTest> {
  switch (filter.kind) {
    case 'all':
      return ok(() => true);
    case 'text':
      return ok(containing(filter.text));
    case 'compare':
      return comparison(filter, source);
    case 'not': {
      const part = compile(filter.part, source);
      return part.ok ? ok((entry) => !part.value(entry)) : part;
    }
    case 'and':
    case 'or': {
      const tests: EntryTest[] = [];
      for (const part of filter.parts) {
        const test = compile(part, source);
        if (!test.ok) return test;
        tests.push(test.value);
      }
      if (filter.kind === 'and') return ok((entry) => tests.every((test) => test(entry)));
      return ok((entry) => tests.some((test) => test(entry)));
    }
  }
}

function ok<T>(value: T): FilterRead<T> {
  return { ok: true, value };
}

/** A bare word is looked for in every value of the entry; letters' case does not count. */
function containing(text: string): EntryTest {
  const sought = text.toLowerCase();
  const found = (value: unknown): boolean =>
    typeof value === 'object' && value !== null ? Object.values(value).some(found) : lower(value).includes(sought);
  return found;
}

function comparison(compare: Comparison, source: string): FilterRead<EntryTest> {
  const field = fieldAt(compare.path);
  if (field.kind === 'unknown') {
    const at = syntaxError(source, compare.at, compare.path.join('.')).message;
    return { ok: false, message: `${at}: Field not found: '${compare.path.join('.')}'.` };
  }
  if (compare.operator === ':' && compare.value.exists) return ok((entry) => valuesAt(entry, compare.path).length > 0);
  const test = valueTest(compare, source);
  if (!test.ok) return test;
  const fallback = field.kind === 'defined' ? [field.fallback] : [];
  return ok((entry) => {
    const values = valuesAt(entry, compare.path);
    return (values.length > 0 ? values : fallback).some(test.value);
  });
}

function valueTest({ path, operator, value, at }: Comparison, source: string): FilterRead<ValueTest> {
  if (operator === '=~' || operator === '!~')
    return expression(operator, value.text, syntaxError(source, at, path.join('.')).message);
  if (operator === ':') return ok(has(value.text));
  const key = path.join('.');
  if (key === 'severity') return severityTest(operator, value.text, syntaxError(source, at, value.text).message);
  if (key === 'timestamp' || key === 'receiveTimestamp') {
    const nanos = toNanos(value.text);
    if (nanos !== null) return ok((found) => holds(operator, compareText(String(found), fromNanos(nanos))));
    return { ok: false, message: `${syntaxError(source, at, value.text).message}: not an RFC 3339 timestamp.` };
  }
  const order = /^httpRequest\.(requestSize|responseSize|status|latency)$/.test(key) ? compareSizes : compareField;
  return ok((found) => holds(operator, order(found, value.text)));
}

function expression(operator: '=~' | '!~', pattern: string, where: string): FilterRead<ValueTest> {
  const insensitive = pattern.startsWith('(?i)');
  try {
    const compiled = new RegExp(insensitive ? pattern.slice(4) : pattern, insensitive ? 'is' : 's');
    return ok((found) => compiled.test(String(found)) === (operator === '=~'));
  } catch {
    return { ok: false, message: `${where}: invalid regular expression '${pattern}'.` };
  }
}

/** `field:"part"`: some text in it; on an object, some value inside. */
function has(text: string): ValueTest {
  const sought = text.toLowerCase();
  const found: ValueTest = (value) =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).some(([key, inner]) => key.toLowerCase() === sought || found(inner))
      : lower(value).includes(sought);
  return found;
}

function severityTest(operator: Operator, name: string, where: string): FilterRead<ValueTest> {
  const known = severityOf(name);
  const rank = known === undefined ? Number(name) : severities[known];
  if (Number.isNaN(rank)) return { ok: false, message: `${where}: '${name}' is no severity.` };
  return ok((found) => holds(operator, severities[found as keyof typeof severities] - rank));
}

/** A number in a payload compares as a number, everything else as text without regard to case. */
function compareField(found: unknown, given: string): number {
  return typeof found === 'number' ? compareValues(found, given) : compareText(lower(found), lower(given));
}

function lower(value: unknown): string {
  return String(value).toLowerCase();
}

function compareValues(found: unknown, given: string): number {
  const [a, b] = [measure(found), measure(given)];
  if (a !== null && b !== null) return a - b;
  return compareText(lower(found), lower(given));
}

/** Sizes and latencies of requests are numbers that JSON writes as text: `302`, `0.014s`. */
function compareSizes(found: unknown, given: string): number {
  return compareValues(measure(String(found).replace(/s$/, '')) ?? found, given.replace(/(\d)s$/, '$1'));
}

function measure(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : null;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function holds(operator: Operator, order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case ':':
    case '=~':
    case '!~':
      return false;
  }
}
