import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runLog } from './run-log.ts';

test('the log of a run: constant messages, facts as fields, appended by a resumed run', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loop-run-log-'));
  const file = join(folder, 'run', 'loop.log');
  const at = '2026-11-20T19:08:01.000Z';
  try {
    const first = await runLog({ file });
    first.event(at, { type: 'stage-started', stage: 'testing', cycle: 1, item: null });
    expect(await readFile(file, 'utf8')).toContain('stage started');
    await first.close?.();
    const resumed = await runLog({ file });
    const said = 'phase safety: 5 of 8 passed';
    const ended = {
      type: 'stage-ended',
      stage: 'testing',
      cycle: 1,
      said,
      ok: false,
      durationMs: 3,
      verdict: 'NO-GO',
    } as const;
    resumed.event(at, ended);
    await resumed.close?.();
    const lines = (await readFile(file, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { type: _type, ...facts } = ended;
    expect(lines).toEqual([
      { level: 'info', at, stage: 'testing', cycle: 1, item: null, msg: 'stage started' },
      { level: 'warn', at, ...facts, msg: 'stage ended' },
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
