import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { smallPipeline } from './config-sample.ts';
import { loadPipeline } from './load.ts';
import { formatProblems } from './messages.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loop-excuses-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function says(list: string, today: string): Promise<string> {
  const entry = "{ suite: login, test: 'it logs in', owner: ann, issue: '#7', until: 2026-11-20 }";
  writeFileSync(join(folder, 'e2e.yaml'), `${smallPipeline}${list}:\n  - ${entry}\n`);
  const loaded = await loadPipeline({ folder, name: 'e2e', today });
  return loaded.ok ? 'fine' : formatProblems(loaded.problems);
}

test.each(['quarantine', 'known'])(
  'an expired entry of %s is a mistake at its place; its last day is not',
  async (list) => {
    expect(await says(list, '2026-11-20')).toBe('fine');
    const lines = smallPipeline.split('\n').length + 1;
    expect(await says(list, '2026-11-21')).toMatch(
      new RegExp(
        `e2e\\.yaml:${lines}:\\d+[^]*expired: 2026-11-20 is before 2026-11-21[^]*ask ann for a later day \\(#7\\)`,
      ),
    );
  },
);
