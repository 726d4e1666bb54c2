import type { BootFailure } from '../core/record.ts';
import type { LogEntry } from '../ports/logs.ts';
import { countBoots } from './log-boots.ts';
import { fieldsOf, isAudit, textOf } from './log-signature.ts';

type BootClass = BootFailure['class'];
type Found = Omit<BootFailure, 'evidence'>;

const entriesShown = 10;
const entryCharsMax = 300;
const whatCharsMax = 160;

const exitMark = /^Container called exit\((-?\d+)\)/;
const signalMark = /^Container terminated on signal (\d+)/;
const ownSignal = /^Container terminated on signal (?!15\b)(\d+)/;

/** What names a class stands first where it says more: a module that is missing ends in an exit, and that in "did not listen". */
const marks: readonly (readonly [BootClass, RegExp, (found: RegExpExecArray) => string])[] = [
  [
    'missing-module',
    /(?:Cannot find (?:module|package) |No module named |cannot load such file -- |ClassNotFoundException: |NoClassDefFoundError: |cannot find -l|error while loading shared libraries: )['"]?([^\s'":,]+)/,
    ([, name]) => `missing module '${name}'`,
  ],
  [
    'out-of-memory',
    /Memory limit of (\S+(?: \S+)?) exceeded|out of memory|OOMKilled/i,
    ([, limit]) => (limit === undefined ? 'out of memory' : `out of memory (limit ${limit})`),
  ],
  [
    'not-executable',
    /'([^']+)' could not be run|exec format error|executable file not found|failed to load \S+: exec|exec \S+: (?:no such file|permission denied)|Application exec likely failed/i,
    ([, command]) => (command === undefined ? 'its command cannot be executed' : `'${command}' cannot be executed`),
  ],
  [
    'wrong-image',
    /Image '([^']+)' (?:was )?not found|manifest (?:unknown|for \S+ not found)|CONTAINER_MISSING|does not exist or you may not have permission to (?:pull|access)|Cloud Run does not support image/i,
    ([, image]) => (image === undefined ? 'its image cannot be used' : `image '${image}' not found`),
  ],
  ['exit', exitMark, () => 'it exited by itself'],
  // Signal 15 is the platform's own: it ends what did not come up in time.
  ['exit', ownSignal, ([, signal]) => `it ended on signal ${signal}`],
  [
    'not-listening',
    /failed to start and listen on the port(?:.*PORT=(\d+))?|startup (?:tcp |http )?probe failed|STARTUP .*probe failed/i,
    ([, port]) => (port === undefined ? 'it did not listen on its port' : `it did not listen on port ${port}`),
  ],
];

/**
 * How a revision failed to come up: from its own log, oldest first, and the platform's sentence. `what` is one clause for
 * people. Boots are counted, not lines: one boot is one occurrence, however much it logs.
 */
export function bootFailureOf(entries: readonly LogEntry[], platform: string): Found {
  const own = entries.filter((entry) => !isAudit(entry) && entry.request === null);
  const told = own.filter((entry) => (textOf(entry) ?? '').trim() !== '' || fieldsOf(entry) !== '');
  const texts = told.map((entry) => textOf(entry) ?? '');
  const exits = texts.flatMap((text) => exitMark.exec(text)?.[1] ?? []);
  const { kind, what, at } = classOf([...texts, platform]);
  const last = exits.at(-1);
  return {
    class: kind,
    what,
    exitCode: last === undefined ? null : Number(last),
    boots: bootsOf(own),
    lastEntries: shown(told, at).map(lineOf),
  };
}

/** Whether the log tells the end of a boot: more entries would not change what it was. */
export function tellsTheEnd(entries: readonly LogEntry[]): boolean {
  const texts = entries.map((entry) => textOf(entry) ?? '');
  return texts.some((text) => exitMark.test(text) || signalMark.test(text));
}

/** The last ones; what names the class stays, should a long stack trace stand behind it. */
function shown(entries: readonly LogEntry[], at: number): LogEntry[] {
  const last = entries.slice(-entriesShown);
  const named = at < entries.length - entriesShown ? entries[at] : undefined;
  return named === undefined ? last : [named, ...last.slice(1)];
}

/** The message, and the fields that a structured entry carries beside it: they often hold what the message is about. */
function lineOf(entry: LogEntry): string {
  const fields = fieldsOf(entry);
  return `${clipped((textOf(entry) ?? '').trim(), entryCharsMax - fields.length)}${fields}`.trim();
}

/** `at` is the place of the text that names it; past all of them where none does. */
function classOf(texts: readonly string[]): { kind: BootClass; what: string; at: number } {
  for (const [kind, mark, words] of marks) {
    for (const [at, text] of texts.entries()) {
      const found = mark.exec(text);
      if (found) return { kind, what: clipped(words(found), whatCharsMax), at };
    }
  }
  return { kind: 'unknown', what: '', at: texts.length };
}

function bootsOf(entries: readonly LogEntry[]): number {
  const { bootOf } = countBoots(entries);
  const boots = new Set(entries.map((entry) => bootOf(entry)).filter((boot) => boot !== null));
  return entries.length === 0 ? 0 : Math.max(1, boots.size);
}

function clipped(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax - 1)}…`;
}
