import { selectionRecord } from '../../config/selection-record.ts';
import { thresholdOf } from '../../config/suite-threshold.ts';
import { thresholdsSha256 } from '../../config/thresholds.ts';
import { counted } from '../../core/count-words.ts';
import type { RunRecord } from '../../core/record.ts';
import { proven } from '../../ports/journal.ts';
import type { StageRun } from '../../ports/stage.ts';
import type { StageParts } from '../parts.ts';

/** The selection is evidence: what is to run and why, and what it will be measured against, stored before anything ran. */
export function storeSelection(
  { selection, pipeline }: Pick<StageParts, 'selection' | 'pipeline'>,
  run: StageRun,
): Promise<NonNullable<RunRecord['selection']>> {
  const record = selectionRecord(selection);
  const thresholds = thresholdsSha256(pipeline);
  return run.journal.step(`${run.key}/selection`, { selection: record.sha256, thresholds }, async () => {
    const selected = record.suites.filter((suite) => suite.selected).length;
    const artifact = await run.artifacts.put({
      kind: 'selection',
      source: `the focus ${record.focus.join(' ') || 'all'} on pipeline ${pipeline.pipeline}`,
      at: run.now().toISOString(),
      content: JSON.stringify({ ...record, thresholds: gatesOf(pipeline), thresholdsSha256: thresholds }, null, 2),
      excerpt: `${selected} of ${counted(record.suites.length, 'suite')} selected, SHA-256 ${record.sha256}`,
    });
    return proven(artifact, (evidence) => ({ ...record, evidence: [evidence] }));
  });
}

/** By suite: its threshold, who judges by it, and its floor. */
function gatesOf(pipeline: StageParts['pipeline']) {
  return pipeline.phases.flatMap((phase) =>
    phase.suites.flatMap((name) => {
      const suite = pipeline.suites[name];
      if (suite === undefined) return [];
      return [{ suite: name, ...thresholdOf(suite, phase.gate ?? null, pipeline), testsMin: suite.testsMin }];
    }),
  );
}
