import { delimiter } from 'node:path';
import { itemPlace, type SuiteConfig, selectWord } from '../config/pipeline.ts';
import { sha256 } from '../core/canonical-json.ts';
import type { SuiteCommand } from '../ports/tester.ts';

export interface AttemptNames {
  /** 8 hex digits; tells this attempt's requests from all others. */
  readonly id: string;
  readonly userAgent: string;
  /** W3C traceparent; its first 8 bytes are the run's, the last 8 this attempt's. */
  readonly traceparent: string;
}

export function attemptNames(request: { run: string; key: string; version: string }): AttemptNames {
  const hash = sha256(`${request.run} ${request.key}`);
  const runPart = sha256(request.run).slice(0, 16);
  return {
    id: hash.slice(0, 8),
    userAgent: `loop/${request.version} (run ${request.run}; attempt ${hash.slice(0, 8)})`,
    traceparent: `00-${runPart}${hash.slice(0, 16)}-${hash.slice(16, 32)}-01`,
  };
}

export interface CommandRequest {
  readonly suite: SuiteConfig;
  readonly run: string;
  readonly names: AttemptNames;
  readonly urls: Readonly<Record<string, string>>;
  /** By service: the file with the ID token for it; of private services only. */
  readonly tokenFiles: Readonly<Record<string, string>>;
  readonly reportFolder: string;
  readonly homeFolder: string;
  readonly cwd: string;
  readonly path: string;
  /** What the runner is told so that it runs some tests only; absent where all run. */
  readonly selected?: { readonly words: readonly string[]; readonly names: readonly string[] };
  /** Pieces of a suite that is split: a word with `{item}` comes again for each. */
  readonly items?: readonly string[];
}

/**
 * The command of a suite with its allow-listed environment. `LOOP_*` names and `{item}` are replaced inside single words, `{select}` is
 * a word of its own; nothing is split or replaced again, and a shell finds them in its environment.
 */
export function suiteCommand(request: CommandRequest): Pick<SuiteCommand, 'argv' | 'shell' | 'cwd' | 'env'> {
  const given: Record<string, string> = {
    LOOP_RUN_ID: request.run,
    LOOP_REPORT: request.reportFolder,
    LOOP_USER_AGENT: request.names.userAgent,
  };
  for (const [service, url] of Object.entries(request.urls)) given[`LOOP_URL_${variableOf(service)}`] = url;
  for (const [service, file] of Object.entries(request.tokenFiles))
    given[`LOOP_ID_TOKEN_FILE_${variableOf(service)}`] = file;
  const env = {
    ...given,
    TRACEPARENT: request.names.traceparent,
    PATH: request.path.split(delimiter).filter(Boolean).join(delimiter),
    HOME: request.homeFolder,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
  };
  const { run, shell } = request.suite;
  const { selected, items } = request;
  const words = typeof run === 'string' ? [run] : run;
  if (shell) return { argv: words, shell, cwd: request.cwd, env: { ...env, ...forShell(request) } };
  const argv = words.flatMap((word) =>
    word === selectWord ? (selected?.words ?? []) : withItems(withNames(word, given), items),
  );
  return { argv, shell, cwd: request.cwd, env };
}

/** What a shell is given is data in its environment: it quotes it, or it splits its own words. */
function forShell({ suite, selected, items }: CommandRequest): Record<string, string> {
  return {
    ...(suite.select === undefined ? {} : { LOOP_SELECT: (selected?.names ?? []).join('\n') }),
    ...(items === undefined ? {} : { LOOP_ITEM: items.join('\n') }),
  };
}

function withItems(word: string, items: readonly string[] | undefined): string[] {
  if (items === undefined || !word.includes(itemPlace)) return [word];
  return items.map((item) => word.replaceAll(itemPlace, () => item));
}

function variableOf(service: string): string {
  return service.toUpperCase().replaceAll('-', '_');
}

/** `$LOOP_*` names inside one word; a name that is not given stays as it is. */
export function withNames(word: string, given: Readonly<Record<string, string>>): string {
  return word.replace(/\$(LOOP_[A-Z0-9_]+)/g, (text, name: string) => given[name] ?? text);
}
