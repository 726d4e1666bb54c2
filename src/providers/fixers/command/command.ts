import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { FixAnswer, Fixer, FixRequest } from '../../../ports/fixer.ts';
import type { CommandEnd, SuiteCommand, Tester } from '../../../ports/tester.ts';

const GRACE_MS = 10_000;
const OUTPUT_BYTES_MAX = 1024 * 1024;
const TITLE_CHARACTERS_MAX = 72;
const LAST_LINE_CHARACTERS_MAX = 300;

export interface CommandSettings {
  /** The words of the command. `{prompt_file}`, `{worktree}` and `{base_sha}` are replaced inside a word, which stays one word. */
  readonly run: readonly string[];
  readonly tester: Pick<Tester, 'run'>;
  /** All that the command gets to see of the environment, but for HOME and TMPDIR, which are empty folders. No token of loop's. */
  readonly env: Readonly<Record<string, string>>;
  /** Called before the command begins, so that a crashed loop can reap it. */
  readonly onStart: SuiteCommand['onStart'];
  readonly onOutput?: (text: string) => void;
}

/**
 * Any program that edits a worktree. Its brief lies in a file beside, not inside, the worktree. `fixed` only says that it ended
 * well: whether it changed anything, and whether it may, is read from the tree.
 */
export function commandFixer(settings: CommandSettings): Fixer {
  return { name: 'command', fix: (request, signal) => runFixer(settings, request, signal) };
}

async function runFixer(settings: CommandSettings, request: FixRequest, signal: AbortSignal): Promise<FixAnswer> {
  const scratch = await mkdtemp(join(tmpdir(), 'loop-fixer-'));
  try {
    const promptFile = join(scratch, 'brief.md');
    const home = join(scratch, 'home');
    const temporary = join(scratch, 'tmp');
    await Promise.all([mkdir(home), mkdir(temporary), writeFile(promptFile, request.brief, { mode: 0o600 })]);
    const end = await settings.tester.run(
      {
        argv: settings.run.map((word) => fill(word, request, promptFile)),
        shell: false,
        cwd: request.folder,
        env: { ...settings.env, HOME: home, TMPDIR: temporary },
        limits: { timeoutMs: request.timeoutMs, graceMs: GRACE_MS, outputBytesMax: OUTPUT_BYTES_MAX },
        onStart: settings.onStart,
        ...(settings.onOutput ? { onOutput: settings.onOutput } : {}),
      },
      signal,
    );
    return { ...judge(end), title: titleFor(request.cause.title) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** In one pass, so that what is put in is not read again. */
function fill(word: string, request: FixRequest, promptFile: string): string {
  const values: Readonly<Record<string, string>> = {
    prompt_file: promptFile,
    worktree: request.folder,
    base_sha: request.baseCommit,
  };
  return word.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  );
}

/** A program that we stopped can still have ended with 0: how it ended comes first. */
function judge(end: CommandEnd): Omit<FixAnswer, 'title'> {
  if (end.how === 'timeout') return { outcome: 'timeout', because: end.message ?? 'stopped at its time limit' };
  if (end.how !== 'exited') return { outcome: 'agent-error', because: end.message ?? end.how };
  if (end.exitCode === 0) return { outcome: 'fixed', because: 'the command ended with exit code 0' };
  const how = end.exitCode === null ? `was ended by ${end.signal}` : `ended with exit code ${end.exitCode}`;
  const said = lastLine(end.output);
  return { outcome: 'agent-error', because: `the command ${how}${said === null ? '' : `: ${said}`}` };
}

function lastLine(output: Uint8Array): string | null {
  const lines = Buffer.from(output).toString('utf8').split('\n');
  const said = lines.map(oneLine).findLast((line) => line !== '');
  return said?.slice(0, LAST_LINE_CHARACTERS_MAX) ?? null;
}

function titleFor(cause: string): string {
  const title = `Fix ${oneLine(cause)}`;
  return title.length <= TITLE_CHARACTERS_MAX ? title : `${title.slice(0, TITLE_CHARACTERS_MAX - 1).trimEnd()}…`;
}

/** Without colours and other control characters. */
function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
}
