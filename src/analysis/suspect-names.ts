import type { RedTest } from '../core/record.ts';
import type { DiffLine } from '../ports/repository.ts';
import { failureNames } from './failure-words.ts';
import { kindOfPath } from './path-kind.ts';

const namesMax = 40;
const points = { missing: 2, logged: 1.5, name: 1, listed: 0.5 };
/** More than all names of a line together. */
const productWorth = namesMax * points.missing;

/** A name that failures or logs tell, and what a changed line with it is worth. */
export interface Name {
  readonly name: string;
  readonly points: number;
  readonly pattern: RegExp;
}

/** The changed lines of one commit with that name, the best first. */
export interface Find {
  readonly name: Name;
  readonly lines: readonly DiffLine[];
}

export function namesToFind(reds: readonly RedTest[], logMentions: readonly string[]): Name[] {
  const weights = new Map<string, number>();
  const add = (name: string, weight: number) => weights.set(name, Math.max(weight, weights.get(name) ?? 0));
  for (const red of reds) {
    const found = failureNames(red.message);
    for (const name of found.missing) add(name, points.missing);
    for (const name of found.names) add(name, points.name);
    for (const name of found.listed) add(name, points.listed);
  }
  for (const name of logMentions) if (/^[\w$]{3,60}$/.test(name)) add(name, points.logged);
  return [...weights]
    .sort(([a, pointsA], [b, pointsB]) => pointsB - pointsA || (a < b ? -1 : 1))
    .slice(0, namesMax)
    .map(([name, weight]) => ({ name, points: weight, pattern: patternOf(name) }));
}

/** The name as a whole word, in snake and in camel case. */
function patternOf(name: string): RegExp {
  const camel = name.replace(/_+([a-z0-9])/gi, (_match, letter: string) => letter.toUpperCase());
  const spellings = [...new Set([name, camel])].map((spelling) => spelling.replaceAll('$', '\\$'));
  return new RegExp(`(?<![\\w$])(?:${spellings.join('|')})(?![\\w$])`);
}

export function findNames(lines: readonly DiffLine[], names: readonly Name[]): Find[] {
  return names
    .map((name) => ({ name, lines: lines.filter((line) => name.pattern.test(line.text)).sort(byWorth) }))
    .filter((find) => find.lines.length > 0);
}

/** Product before tests, removed before added: what is gone is what a test misses. */
function byWorth(a: DiffLine, b: DiffLine): number {
  const [left, right] = [a, b].map(
    (line) =>
      `${kindOfPath(line.path) === 'product' ? 0 : 1}${line.kind === '-' ? 0 : 1}${line.path}\u0000${String(line.line).padStart(9, '0')}`,
  );
  return left === right ? 0 : (left ?? '') < (right ?? '') ? -1 : 1;
}

/** The line that names most of what the failures name; product lines before all others. */
export function bestLine(finds: readonly Find[]): DiffLine | undefined {
  const worth = new Map<DiffLine, number>();
  for (const { name, lines } of finds) {
    for (const line of lines) worth.set(line, (worth.get(line) ?? (isProduct(line) ? productWorth : 0)) + name.points);
  }
  return [...worth].sort(([a, worthA], [b, worthB]) => worthB - worthA || byWorth(a, b))[0]?.[0];
}

function isProduct(line: DiffLine): boolean {
  return kindOfPath(line.path) === 'product';
}
