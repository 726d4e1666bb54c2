import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunRecord } from '../core/record.ts';
import { runFiles } from './run-files.ts';
import { runningRecord, sampleRecord } from './testing/sample-record.ts';
import { renderWorklog } from './worklog/render-worklog.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loop-run-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('each record replaces what was there, and leaves nothing else behind', async () => {
  const output = runFiles({ folder: join(folder, 'run') });
  await output.record?.(runningRecord());
  await output.record?.(sampleRecord());
  const json = RunRecord.parse(JSON.parse(await readFile(join(folder, 'run', 'run.json'), 'utf8')));
  expect(json).toEqual(sampleRecord());
  expect(await readFile(join(folder, 'run', 'worklog.md'), 'utf8')).toBe(renderWorklog(sampleRecord()));
  expect((await readdir(join(folder, 'run'))).sort()).toEqual(['run.json', 'worklog.md']);
});

test('records that are not waited for are written one after the other: the last one stays', async () => {
  const output = runFiles({ folder });
  const writes = [runningRecord(), runningRecord(), sampleRecord()].map((record) => output.record?.(record));
  await output.close?.();
  await Promise.all(writes);
  expect(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')).run.state).toBe('finished');
});

test('a disk that refuses rejects with its own error, keeps the last good file, and the next record is written', async () => {
  const output = runFiles({ folder });
  await output.record?.(runningRecord());
  await rm(join(folder, 'worklog.md'));
  await mkdir(join(folder, 'worklog.md'));
  await writeFile(join(folder, 'worklog.md', 'in-the-way'), '');
  await expect(output.record?.(sampleRecord())).rejects.toMatchObject({ code: expect.stringMatching(/^E[A-Z]+$/) });
  expect((await readdir(folder)).sort()).toEqual(['run.json', 'worklog.md']);
  await rm(join(folder, 'worklog.md'), { recursive: true });
  await output.record?.(sampleRecord());
  expect(await readFile(join(folder, 'worklog.md'), 'utf8')).toContain('# NO-GO');
});
