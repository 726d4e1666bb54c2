import type { z } from 'zod';
import { type ConfigPath, type Finding, pathText } from './finding.ts';
import type { ConfigProblem } from './messages.ts';
import { hintFor } from './nearest.ts';
import { isRecord, knownKeys, schemasAt, takesText } from './schema-walk.ts';
import { parseYaml } from './yaml-text.ts';

const variablePrefix = 'LOOP_CONFIG_';

/** A setting from outside the file; later ones win. */
export interface Override {
  /** The variable's or flag's name, for messages. */
  readonly source: string;
  readonly segments: readonly string[];
  readonly text: string;
}

export interface Overridden {
  readonly value: unknown;
  readonly applied: readonly { readonly source: string; readonly path: ConfigPath }[];
  readonly problems: readonly ConfigProblem[];
}

/** `LOOP_CONFIG_LIMITS__MINUTES=5` sets `limits.minutes`; a flag `{ '--level': { path: 'level', text: 'act' } }` sets `level`. */
export function overridesFrom(
  env: Readonly<Record<string, string | undefined>>,
  flags: Readonly<Record<string, { readonly path: string; readonly text: string }>> = {},
): Override[] {
  const variables = Object.keys(env).filter((name) => name.startsWith(variablePrefix));
  return [
    ...variables.sort().map((name) => ({
      source: name,
      segments: name.slice(variablePrefix.length).split('__'),
      text: env[name] ?? '',
    })),
    ...Object.entries(flags).map(([source, { path, text }]) => ({ source, segments: path.split('.'), text })),
  ];
}

/** Lays settings over the file's data. Names are found whatever their case, since variables are written in capitals. */
export function applyOverrides(schema: z.ZodType, value: unknown, overrides: readonly Override[]): Overridden {
  let result = value;
  const applied: { source: string; path: ConfigPath }[] = [];
  const problems: ConfigProblem[] = [];
  for (const override of overrides) {
    const found = findPath(schema, result, override.segments);
    if (found.ok) {
      result = setAt(result, found.path, valueFrom(schema, found.path, override.text));
      applied.push({ source: override.source, path: found.path });
    } else problems.push(outside(override.source, found.finding));
  }
  return { value: result, applied, problems };
}

/** The problem at the variable or flag that set what a finding speaks of; null when the file did. */
export function problemOutside(finding: Finding, applied: Overridden['applied']): ConfigProblem | null {
  const source = applied.findLast(({ path }) => path.every((part, index) => part === finding.path[index]))?.source;
  return source === undefined ? null : outside(source, finding);
}

type Found = { readonly ok: true; readonly path: string[] } | { readonly ok: false; readonly finding: Finding };

function findPath(schema: z.ZodType, value: unknown, segments: readonly string[]): Found {
  const path: string[] = [];
  let current = value;
  for (const segment of segments) {
    const schemas = schemasAt(schema, path);
    const present = schemas.some(isRecord) && isMapping(current) ? Object.keys(current) : [];
    const known = [...new Set([...knownKeys(schemas), ...present])];
    const key = known.find((name) => name === segment) ?? known.find((name) => plain(name) === plain(segment));
    if (key === undefined) return { ok: false, finding: unknownSetting(path, segment, known) };
    path.push(key);
    current = isMapping(current) && Object.hasOwn(current, key) ? current[key] : undefined;
  }
  return { ok: true, path };
}

function unknownSetting(path: readonly string[], segment: string, known: readonly string[]): Finding {
  const hint = known.length === 0 ? 'only the whole value can be set' : hintFor(segment, known, 'known keys');
  return { path, at: 'key', message: `there is no setting "${segment.toLowerCase()}"`, hint };
}

/** Text stays text where the schema takes text; else it is read as in the file: `5`, `true`, `[A, B]`. */
function valueFrom(schema: z.ZodType, path: ConfigPath, text: string): unknown {
  if (takesText(schemasAt(schema, path))) return text;
  const parsed = parseYaml(text);
  return parsed.ok ? parsed.value : text;
}

function setAt(value: unknown, path: readonly string[], leaf: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return leaf;
  const base = isMapping(value) ? value : {};
  return { ...base, [head]: setAt(Object.hasOwn(base, head) ? base[head] : undefined, rest, leaf) };
}

function outside(source: string, { path, message, hint }: Finding): ConfigProblem {
  const problem = { file: source, line: null, column: null, path: pathText(path), message, source: null };
  return hint === undefined ? problem : { ...problem, hint };
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
