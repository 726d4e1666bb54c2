import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { type Finding, pathText } from './finding.ts';
import type { ConfigProblem } from './messages.ts';
import { hintFor } from './nearest.ts';
import { parseYaml } from './yaml-text.ts';

const fileBytesMax = 1_000_000;
const nameShape = /^[a-z0-9][a-z0-9._-]{0,62}$/;

export interface YamlFile {
  readonly path: string;
  readonly text: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** A finding with its line and column in this file. */
  readonly problem: (finding: Finding) => ConfigProblem;
}

type ReadYaml =
  | { readonly ok: true; readonly file: YamlFile }
  | { readonly ok: false; readonly problems: ConfigProblem[] };
type ReadText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: ConfigProblem };

/** Reads `<folder>/<name>.yaml`, which must hold one mapping. */
export async function readYamlFile(asked: { folder: string; name: string }): Promise<ReadYaml> {
  const read = await readText(asked);
  if (!read.ok) return { ok: false, problems: [read.problem] };
  const { text } = read;
  const { path, shown } = placesOf(asked);
  const parsed = parseYaml(text);
  const lines = text.split(/\r?\n/);
  const sourceAt = (line: number) => lines[line - 1] ?? '';
  if (!parsed.ok) {
    const problems = parsed.problems.map((found) => ({
      file: shown,
      path: '',
      source: sourceAt(found.line),
      ...found,
    }));
    return { ok: false, problems };
  }
  const problem = ({ path: within, at, ...said }: Finding): ConfigProblem => {
    const place = parsed.locate(within, at);
    return { file: shown, ...place, path: pathText(within), source: sourceAt(place.line), ...said };
  };
  if (parsed.value === null) return { ok: false, problems: [wholeFile(shown, 'the file is empty')] };
  if (!isMapping(parsed.value)) return { ok: false, problems: [problem(notMapping(parsed.value))] };
  return { ok: true, file: { path, text, value: parsed.value, problem } };
}

function placesOf({ folder, name }: { folder: string; name: string }): { path: string; shown: string } {
  const path = join(folder, `${name}.yaml`);
  return { path, shown: isAbsolute(folder) ? join(basename(folder), `${name}.yaml`) : path };
}

async function readText(asked: { folder: string; name: string }): Promise<ReadText> {
  const { path, shown } = placesOf(asked);
  const refuse = (message: string, hint?: string): ReadText => ({
    ok: false,
    problem: wholeFile(shown, message, hint),
  });
  if (!nameShape.test(asked.name)) {
    const message = `"${asked.name}" is no name of a file`;
    return { ok: false, problem: wholeFile(basename(asked.folder), message, 'use letters, digits, dots and hyphens') };
  }
  try {
    const facts = await stat(path);
    if (!facts.isFile()) return refuse('not a file');
    if (facts.size > fileBytesMax) return refuse(`larger than ${fileBytesMax} bytes`);
    const bytes = await readFile(path);
    if (bytes.includes(0)) return refuse('binary, not text');
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return refuse('there is no such file', await existing(asked));
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return refuse('not UTF-8', 'save the file as UTF-8');
    if (code === undefined) throw error;
    return refuse(`cannot be read (${code})`);
  }
}

async function existing({ folder, name }: { folder: string; name: string }): Promise<string> {
  const entries = await readdir(folder).catch(() => null);
  if (entries === null) return `there is no folder ${basename(folder)}/ here: run loop in the folder of its project`;
  const names = entries.filter((entry) => entry.endsWith('.yaml')).map((entry) => entry.slice(0, -'.yaml'.length));
  return hintFor(name, names.sort(), 'what exists');
}

function notMapping(value: unknown): Finding {
  const got = Array.isArray(value) ? 'a list' : `only ${JSON.stringify(value)}`;
  return { path: [], at: 'value', message: `expected a mapping (key: value), got ${got.slice(0, 60)}` };
}

function wholeFile(file: string, message: string, hint?: string): ConfigProblem {
  const problem = { file, line: null, column: null, path: '', message, source: null };
  return hint === undefined ? problem : { ...problem, hint };
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
