import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CommanderError } from 'commander';
import type { Host } from './commands/host.ts';
import { makeProgram } from './commands/program.ts';
import { hintFor } from './config/nearest.ts';
import { exitCodes } from './core/exit-code.ts';
import { systemClock } from './runtime/clock.ts';

/** The program: an argv becomes a command, a command becomes an exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const words = argv.slice(2);
  watchStreams();
  const program = makeProgram(async (work) => {
    process.exitCode = await work(thisHost(words));
  });
  if (words[0] === '--print-help-texts') return printHelpTexts(program);
  if (words.length === 0) return void process.stdout.write(helpOf(program));
  const names = program.commands.map((command) => command.name());
  const [first = ''] = words;
  if (!first.startsWith('-') && !names.includes(first)) return refuseCommand(first, names);
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.go : exitCodes.usage;
    else tellBug(error);
  }
}

/** A reader that went away (`loop show last | head`) is no failure. Output that cannot be written is one, and no bug of ours. */
function watchStreams(): void {
  process.stderr.on('error', () => {});
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    process.stdout.on('error', () => {});
    if (error.code === 'EPIPE') return;
    process.stderr.write(`loop: stdout cannot be written: ${error.message}\n  hint: make room where it goes\n`);
    process.once('exit', (exitCode) => {
      if (exitCode === exitCodes.go) process.exitCode = exitCodes.usage;
    });
  });
}

type Program = ReturnType<typeof makeProgram>;

function refuseCommand(word: string, names: readonly string[]): void {
  process.stderr.write(
    `loop: there is no command ${JSON.stringify(word)}\n  hint: ${hintFor(word, names, 'commands')}\n`,
  );
  process.exitCode = exitCodes.usage;
}

/** For the build: every help as text, by command; the main help under the empty name. */
function printHelpTexts(program: Program): void {
  const texts = program.commands.map((command) => [command.name(), helpOf(command)]);
  process.stdout.write(`${JSON.stringify({ '': helpOf(program), ...Object.fromEntries(texts) })}\n`);
}

/** What `--help` prints, texts around it included. */
function helpOf(command: Program): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
}

function thisHost(words: readonly string[]): Host {
  const project = process.cwd();
  const own = { folder: project, env: process.env, program: join(import.meta.dirname, 'loop.cjs') };
  return {
    project,
    env: process.env,
    command: ['loop', ...words.map(asTyped)].join(' '),
    stdout: process.stdout,
    stderr: process.stderr,
    clock: systemClock,
    random: Math.random,
    newToken: randomUUID,
    compose: async () => (await import('./compose.ts')).composeIn(own),
    openEmbedded: async (plan, signal) => {
      const say = (line: string) => process.stderr.write(`${line}\n`);
      return (await import('./compose.ts')).openEmbedded(plan, own, say, signal);
    },
    findImpact: async (config, ref) => {
      const say = (line: string) => process.stderr.write(`${line}\n`);
      return (await import('./compose.ts')).impactIn({ ...config, ref }, own, say);
    },
  };
}

function asTyped(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** What nobody expected is a bug of ours: one sentence for people, the stack in a file. */
function tellBug(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`loop: a bug of loop: ${message}\n  hint: ${keepStack(error)}\n`);
  process.exitCode = exitCodes.bug;
}

function keepStack(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const folder = join(process.cwd(), '.loop');
  const file = join(folder, 'bugs.log');
  try {
    mkdirSync(folder, { recursive: true });
    appendFileSync(file, `${new Date().toISOString()} ${process.argv.slice(2).join(' ')}\n${stack}\n\n`);
    return `please report it with ${relative(process.cwd(), file)}; loop resume goes on with the run`;
  } catch {
    return stack;
  }
}

// The build asks this file itself for the help texts; otherwise the bin calls `main`.
if (process.argv[1] === import.meta.filename) await main(process.argv);
