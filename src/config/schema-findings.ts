import type { z } from 'zod';
import type { ConfigPath, Finding } from './finding.ts';
import { hintFor, listed, nearest } from './nearest.ts';
import { knownKeys, schemasAt } from './schema-walk.ts';

type Issue = z.core.$ZodIssue;
type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly findings: Finding[] };

const valueShownMax = 40;

/** Data against its schema; what is wrong is said in plain English. */
export function checkSchema<S extends z.ZodType>(schema: S, value: unknown): Checked<z.output<S>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, findings: parsed.error.issues.flatMap((issue) => toFindings(schema, value, issue)) };
}

function toFindings(schema: z.ZodType, root: unknown, issue: Issue): Finding[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(schema, path, key));
  if (issue.code === 'invalid_union') {
    const branch = fittingBranch(issue.errors);
    if (branch !== null) return branch.flatMap((inner) => toFindings(schema, root, within(path, inner)));
  }
  const found = valueAt(root, path);
  if (!found.exists) return [{ path, at: 'value', message: `missing, ${expectation(issue)}` }];
  if (issue.code === 'invalid_key') return [{ path, at: 'key', message: withGot(expectation(issue), path.at(-1)) }];
  const hint = valueHint(issue, found.value);
  const finding: Finding = { path, at: 'value', message: withGot(expectation(issue), found.value) };
  return [hint === undefined ? finding : { ...finding, hint }];
}

function unknownKey(schema: z.ZodType, path: ConfigPath, key: string): Finding {
  const hint = hintFor(key, knownKeys(schemasAt(schema, path)), 'known keys');
  return { path: [...path, key], at: 'key', message: 'unknown key', hint };
}

/** The one alternative that has the right shape at its top, or of several mappings the one that knows all the keys; else null. */
function fittingBranch(branches: readonly Issue[][]): Issue[] | null {
  const fitting = branches.filter((issues) => issues.every((issue) => issue.path.length > 0 || isInside(issue)));
  if (fitting.length === 1) return fitting[0] ?? null;
  const knowing = fitting.filter((issues) => !issues.some((issue) => issue.path.length === 0));
  return knowing.length === 1 ? (knowing[0] ?? null) : null;
}

function isInside(issue: Issue): boolean {
  return issue.code === 'unrecognized_keys';
}

function within(path: ConfigPath, issue: Issue): Issue {
  return { ...issue, path: [...path, ...issue.path] };
}

/** What would have been right. Messages written in our schemas start with `expected` and are taken as they are. */
function expectation(issue: Issue): string {
  if (issue.message.startsWith('expected ')) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${typeWord(issue.expected)}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `expected ${String(issue.values[0])}`
        : `expected one of ${listed(issue.values.map(String))}`;
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return `expected at most ${issue.maximum}${counted(issue.origin, Number(issue.maximum))}`;
    case 'invalid_format':
      return formatExpectation(issue);
    case 'invalid_union':
      return unionExpectation(issue);
    case 'invalid_key':
      return issue.issues[0] === undefined ? 'expected another key' : expectation(issue.issues[0]);
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_element':
    case 'custom':
      return issue.message;
  }
}

function tooSmall(issue: z.core.$ZodIssueTooSmall): string {
  if (issue.origin === 'string' && issue.minimum === 1) return 'expected some text';
  return `expected at least ${issue.minimum}${counted(issue.origin, Number(issue.minimum))}`;
}

function counted(origin: string, count: number): string {
  if (origin === 'array') return count === 1 ? ' entry' : ' entries';
  return origin === 'string' ? ' characters' : '';
}

function formatExpectation(issue: z.core.$ZodIssueInvalidStringFormat): string {
  if (issue.format === 'url') return 'expected a URL such as http://127.0.0.1:8080';
  if (issue.format === 'starts_with' && 'prefix' in issue)
    return `expected text that starts with ${String(issue.prefix)}`;
  return `expected ${issue.format}`;
}

function unionExpectation(issue: z.core.$ZodIssueInvalidUnion): string {
  if ('options' in issue && Array.isArray(issue.options)) return `expected one of ${listed(issue.options.map(String))}`;
  const words = issue.errors
    .flatMap((issues) => issues.slice(0, 1))
    .map((inner) => expectation(inner).slice('expected '.length));
  return `expected ${[...new Set(words)].join(', or ')}`;
}

function typeWord(expected: string): string {
  const words: Record<string, string> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a mapping',
    record: 'a mapping',
  };
  return words[expected] ?? expected;
}

function valueHint(issue: Issue, value: unknown): string | undefined {
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  if (isPlain && expectsText(issue)) return `put it in quotes: "${value}"`;
  if (typeof value !== 'string') return undefined;
  const near = nearest(value, allowedWords(issue));
  return near === null ? undefined : `did you mean "${near}"?`;
}

function expectsText(issue: Issue): boolean {
  if (issue.code === 'invalid_union') return issue.errors.some((issues) => issues.some(expectsText));
  return issue.code === 'invalid_type' && issue.expected === 'string' && !isWorded(issue);
}

function isWorded(issue: Issue): boolean {
  return issue.message.startsWith('expected ');
}

function allowedWords(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return [];
  if ('options' in issue && Array.isArray(issue.options)) return issue.options.map(String);
  return issue.errors.flatMap((issues) => issues.flatMap(allowedWords));
}

function withGot(message: string, value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? `${message}, got an empty list` : `${message}, got a list`;
  if (value === null) return `${message}, got nothing`;
  if (typeof value === 'object') return Object.keys(value).length === 0 ? message : `${message}, got a mapping`;
  if (typeof value !== 'string') return `${message}, got ${String(value)}`;
  return `${message}, got ${JSON.stringify(value.length > valueShownMax ? `${value.slice(0, valueShownMax)}…` : value)}`;
}

function valueAt(root: unknown, path: ConfigPath): { exists: boolean; value: unknown } {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      return { exists: false, value: null };
    value = (value as Record<string | number, unknown>)[part];
  }
  return { exists: true, value };
}
