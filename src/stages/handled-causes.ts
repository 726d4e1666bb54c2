import type { StageRun } from '../ports/stage.ts';
import { fingerprintIn } from './cause-keys.ts';

/** Causes that this cycle has published something about, or looked up and found nothing to add to. */
export function handledCauses(run: StageRun): Set<string> {
  const mine = run.record.published.filter((one) => one.cycle === run.task.cycle && one.kind !== 'close');
  return new Set(mine.flatMap((one) => fingerprintIn(one.key) ?? []));
}
