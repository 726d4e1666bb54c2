import { counted } from './count-words.ts';
import { fenced } from './markdown-text.ts';
import type { BootFailure } from './record.ts';

/** `missing module 'x' (exit code 1, 1 boot)`; null where its log told no more than the platform's own sentence. */
export function bootWords(boot: BootFailure | null): string | null {
  if (boot === null || boot.class === 'unknown') return null;
  const facts = [
    boot.exitCode === null ? null : `exit code ${boot.exitCode}`,
    boot.boots === 0 ? null : counted(boot.boots, 'boot'),
  ].filter((fact) => fact !== null);
  return `${boot.what || boot.class}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`;
}

/** The last that its own log told, as a block of code; null where it told nothing. */
export function lastEntriesBlock(boot: BootFailure | null): string | null {
  return boot === null || boot.lastEntries.length === 0 ? null : fenced(boot.lastEntries.join('\n'));
}
