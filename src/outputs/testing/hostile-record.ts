import type { RunRecord } from '../../core/record.ts';

/** What tests, logs and commits of strangers may hold. */
export const hostileText =
  '@someone Fixes #1 GH-7 <img src=x onerror=alert(1)> <!-- hidden --> [x](javascript:alert(1)) ![b](http://evil.test/b.png) ``` | a\n# title\n[E1]: http://evil.test\u001b[31m\u001b]0;owned\u0007\u202eabc\u0085\r::set-output name=x::y';

/** Fields that hold free text; all others are closed words, numbers, hashes or names of ours. */
const freeText = new Set([
  ...['name', 'message', 'test', 'title', 'template', 'excerpt', 'source', 'question', 'claim', 'reason', 'because'],
  ...[
    'what',
    'decision',
    'command',
    'environment',
    'service',
    'suite',
    'file',
    'files',
    'tests',
    'reasons',
    'rejected',
  ],
  ...['filter', 'url', 'path', 'host', 'branch', 'revision', 'commit', 'key', 'fixer', 'hint', 'invalidBecause'],
]);

/** The same record with hostile text in every free text. */
export function withHostileText(record: RunRecord): RunRecord {
  return poisoned(record, null) as RunRecord;
}

function poisoned(value: unknown, key: string | null): unknown {
  if (typeof value === 'string') return key !== null && freeText.has(key) ? `${value} ${hostileText}` : value;
  if (Array.isArray(value)) return value.map((one) => poisoned(one, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poisoned(one, name)]));
}
