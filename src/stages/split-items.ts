import { itemPlace, type SuiteConfig } from '../config/pipeline.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { CommandEnd } from '../ports/tester.ts';
import { filesBelow, leaves } from './files-below.ts';

const itemsMax = 10_000;
const itemBytesMax = 4_096;

/** The pieces of a suite, sorted, each once. They become parts of words: a path must stay below the folder, and none may look like an option. */
export async function splitItems(
  suite: SuiteConfig,
  folder: string,
  list: (argv: readonly string[]) => Promise<CommandEnd>,
): Promise<Result<string[]>> {
  const { items } = suite.split ?? { items: [] };
  const found = Array.isArray(items) ? await filesBelow(folder, items) : linesOf(items.run, await list(items.run));
  if (!found.ok) return found;
  const pieces = [...new Set(found.value)].toSorted();
  const source = Array.isArray(items)
    ? `nothing matches ${items.join(', ')} in the judged commit`
    : `${items.run[0]} printed no line`;
  if (pieces.length === 0) return fail('not-found', `the suite has no pieces: ${source}`);
  if (pieces.length > itemsMax)
    return fail(
      'config',
      `the suite has ${pieces.length} pieces, more than ${itemsMax}`,
      'make pieces of folders, not of tests',
    );
  const problem = pieces.map((item) => [item, unfit(item, suite)] as const).find(([, because]) => because !== null);
  return problem
    ? fail('config', `the piece ${JSON.stringify(problem[0].slice(0, 200))} ${problem[1]}`)
    : succeed(pieces);
}

function linesOf(argv: readonly string[], end: CommandEnd): Result<string[]> {
  const command = JSON.stringify(argv.join(' '));
  if (end.how !== 'exited' || end.exitCode !== 0) {
    const lastLine = Buffer.from(end.output).toString('utf8').trimEnd().split('\n').at(-1)?.trim().slice(0, 200);
    const how = [end.message ?? `exit code ${end.exitCode}`, lastLine].filter(Boolean).join(': ');
    return fail('not-started', `the command that lists the pieces failed: ${command}: ${how}`);
  }
  if (end.outputTruncated) return fail('not-started', `the command that lists the pieces printed too much: ${command}`);
  const lines = Buffer.from(end.stdout).toString('utf8').split('\n');
  return succeed(lines.map((line) => line.trim()).filter((line) => line !== ''));
}

function unfit(item: string, { run, shell }: SuiteConfig): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no program can be given these in a word.
  if (/[\u0000-\u001f]/.test(item)) return 'holds control characters';
  if (Buffer.byteLength(item) > itemBytesMax) return `has more than ${itemBytesMax} bytes`;
  if (leaves(item)) return 'leaves the folder';
  const first = !shell && [run].flat().some((word) => word.startsWith(itemPlace));
  return first && item.startsWith('-') ? 'begins like an option' : null;
}
