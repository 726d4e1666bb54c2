import { join } from 'node:path';
import { exitCodes } from '../core/exit-code.ts';
import { terminalText } from '../core/markdown-text.ts';
import type { RunRecord } from '../core/record.ts';
import { textTable } from '../outputs/views/text-table.ts';
import { fullRecord } from '../runtime/full-record.ts';
import { findRun } from './find-run.ts';
import { type Host, refuse } from './host.ts';
import { openExistingStore } from './open-store.ts';
import { type RunReplay, replayRun } from './replay/replay-run.ts';

/** `loop replay RUN`: whether the stored artefacts still say what the record says. 0: the same; 4: something differs. */
export async function replayCommand(asked: { run: string | undefined; env: string }, host: Host): Promise<number> {
  const store = await openExistingStore(host, asked.env);
  if (!store.ok) return refuse(host, store.failure);
  try {
    const run = await findRun(store.value, asked.run);
    if (!run.ok) return refuse(host, run.failure);
    const record = await fullRecord(store.value, run.value.id, run.value.record);
    const replay = await replayRun(join(host.project, run.value.folder), record);
    host.stdout.write(replayView(record, replay));
    return replay.problems.length === 0 ? exitCodes.go : exitCodes.invalid;
  } finally {
    await store.value.close();
  }
}

function replayView(record: RunRecord, { parts, problems, artifacts }: RunReplay): string {
  const rows = parts.map(({ what, recorded, replayed }) => [
    what,
    recorded,
    replayed,
    recorded === replayed ? '' : '≠',
  ]);
  const table = textTable([['', 'RECORDED', 'REPLAYED', ''], ...rows]);
  const verdict = record.verdict === null ? 'no verdict' : `same verdict ${record.verdict.value}`;
  const ends =
    problems.length === 0
      ? [`replay: ${verdict} from ${artifacts} artefacts`]
      : [
          ...problems.map((problem) => `replay: ${terminalText(problem)}`),
          `replay: not the same (${artifacts} artefacts hold)`,
        ];
  return `${table}\n\n${ends.join('\n')}\n`;
}
