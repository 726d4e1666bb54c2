import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RunRecord } from '../core/record.ts';

/** The run whose record was written last, from its folder: what `loop show` says of a run that ended, without another process. */
export function newestRun(project: string): { readonly record: RunRecord; readonly worklog: string } {
  const worklogs = join(project, 'worklogs');
  const folders = readdirSync(worklogs)
    .filter((name) => !name.startsWith('.'))
    .map((name) => join(worklogs, name));
  const written = (folder: string) => statSync(join(folder, 'run.json')).mtimeMs;
  const [newest] = folders.toSorted((left, right) => written(right) - written(left));
  if (newest === undefined) throw new Error(`no run in ${worklogs}`);
  const read = (name: string) => readFileSync(join(newest, name), 'utf8');
  return { record: RunRecord.parse(JSON.parse(read('run.json'))), worklog: read('worklog.md') };
}
