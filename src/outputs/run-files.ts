import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Output } from '../ports/output.ts';
import { inertJson } from './inert-json.ts';
import { renderWorklog } from './worklog/render-worklog.ts';

/**
 * `run.json` and `worklog.md` in the run's folder, replaced as a whole each time: a reader sees the old text or the new one.
 * `record` rejects with the file system's own error (`ENOSPC`, `EROFS`), and what was written before stays.
 */
export function runFiles({ folder }: { folder: string }): Output {
  let turn: Promise<void> = Promise.resolve();
  return {
    event: () => {},
    record: (record) => {
      const write = async () => {
        // While the run goes on the store can render both again; only what stays is worth waiting for the disk.
        const flush = record.run.state !== 'running';
        await replaceFile(join(folder, 'run.json'), `${inertJson(record, 2)}\n`, flush);
        await replaceFile(join(folder, 'worklog.md'), renderWorklog(record), flush);
      };
      const mine = turn.then(write);
      // The next record is written also after one that failed; the failure itself goes to who gave that record.
      turn = mine.catch(() => {});
      return mine;
    },
    close: () => turn,
  };
}

async function replaceFile(file: string, text: string, flush: boolean): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(draft, 'w');
    try {
      await handle.writeFile(text);
      if (flush) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}
