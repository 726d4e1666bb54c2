import { join } from 'node:path';
import { jsonLines } from '../outputs/json-lines.ts';
import { runFiles } from '../outputs/run-files.ts';
import { runLog } from '../outputs/run-log.ts';
import { wantsColor } from '../outputs/terminal/color.ts';
import { terminalOutput } from '../outputs/terminal/terminal-output.ts';
import type { Output } from '../ports/output.ts';
import { combinedOutput } from '../runtime/combined-output.ts';
import type { Host } from './host.ts';

const columnsUnknown = 80;

/** All that shows a run: a view on stderr, its files, its log, and with `--json` its events on stdout. */
export async function runOutput(host: Host, run: { folder: string }, json: boolean): Promise<Output> {
  const folder = join(host.project, run.folder);
  const isTTY = host.stderr.isTTY === true;
  const view = terminalOutput({
    stream: host.stderr,
    isTTY,
    columns: () => host.stderr.columns ?? columnsUnknown,
    color: wantsColor({ env: host.env, isTTY }),
    now: () => host.clock.now(),
  });
  const events = json ? [jsonLines(host.stdout)] : [];
  return combinedOutput([view, ...events, runFiles({ folder }), await runLog({ file: join(folder, 'loop.log') })]);
}
