import type { Finding } from './finding.ts';
import type { reservedWords } from './focus-words.ts';
import type { SuiteConfig } from './pipeline.ts';

export const literalMarks =
  'only * ? and ** are special: sets, braces and backslashes would be looked for as they stand';

const selects: Readonly<Record<(typeof reservedWords)[number], string>> = {
  all: '"all" selects every suite already',
  changed: '"changed" selects the suites that cover what changed',
};

/** Words that select by something else than a name cannot name a suite too. */
export function checkReserved(name: string, { focus }: Pick<SuiteConfig, 'focus'>): Finding[] {
  return Object.entries(selects).flatMap(([word, message]): Finding[] => {
    const index = focus.findIndex((one) => one.toLowerCase() === word);
    return [
      ...(index < 0 ? [] : [{ path: ['suites', name, 'focus', index], at: 'value' as const, message }]),
      ...(name === word ? [{ path: ['suites', name], at: 'key' as const, message }] : []),
    ];
  });
}

/** A glob that can match no path of a repository would leave its suite out of `--focus changed` for ever, in silence. */
export function checkCovers(name: string, { covers }: Pick<SuiteConfig, 'covers'>): Finding[] {
  return covers.flatMap((glob, index): Finding[] => {
    const message = mistakeIn(glob);
    const hint = 'paths from the top of the repository, with * ? and **: backend/**, e2e/*.test.js';
    return message === null ? [] : [{ path: ['suites', name, 'covers', index], at: 'value', message, hint }];
  });
}

function mistakeIn(glob: string): string | null {
  if (glob.startsWith('/') || /^[A-Za-z]:/.test(glob))
    return 'a path of the repository does not begin at the root of a disk';
  if (glob.split('/').some((part) => part === '.' || part === '..' || part === '') && !glob.endsWith('/'))
    return 'a path of the repository has no part that is empty, "." or ".."';
  if (glob.endsWith('/')) return `a folder by itself never changes: ${glob}** is all that is in it`;
  if (glob.startsWith('!')) return 'a glob cannot be turned round';
  if (/[{}[\]\\]/.test(glob)) return literalMarks;
  return null;
}
