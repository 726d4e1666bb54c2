import type { Cause, Control } from '../../core/record.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import { blockedCauses } from './blocked-causes.ts';
import { bootCauses } from './boot-causes.ts';
import { bootControls } from './boot-control.ts';
import type { DiagnosingParts } from './diagnosing-parts.ts';
import { invalidCauses } from './invalid-causes.ts';
import { testCauses } from './test-causes.ts';

/** From red tests, dead candidates and broken evidence to causes. Suspects only where the control says that the revision did it. */
export function diagnosing(parts: DiagnosingParts): Stage<'diagnosing'> {
  return async (run) => {
    const causes = await causesOf(parts, run);
    for (const cause of causes) await run.memory.rememberCause(cause);
    return {
      facts: { causes: causes.length },
      patch: { causes, ...checked(parts, run) },
      said: sentence(causes),
      ok: causes.length === 0,
    };
  };
}

/** Beside the tests' own control; a check that an earlier cycle controlled is told anew. */
function checked(parts: DiagnosingParts, run: StageRun): { control?: Control[] } {
  const rows = run.record.verdict?.value === 'NO-GO' ? bootControls(parts, run) : [];
  if (rows.length === 0) return {};
  const same = (one: Control) => rows.some((row) => row.suite === one.suite && row.test === one.test);
  return { control: [...run.record.control.filter((one) => !same(one)), ...rows] };
}

async function causesOf(parts: DiagnosingParts, run: StageRun): Promise<Cause[]> {
  switch (run.record.verdict?.value) {
    case 'BLOCKED':
      return blockedCauses(run);
    case 'INVALID':
      return invalidCauses(run);
    default:
      return [...(await bootCauses(parts, run)), ...(await testCauses(parts, run))];
  }
}

function sentence(causes: readonly Cause[]): string {
  const [first] = causes;
  if (!first) return 'no cause was found';
  const [suspect] = first.suspects;
  const blame = suspect ? `; first suspect ${suspect.commit.slice(0, 12)} "${suspect.title}"` : '; no suspect';
  return `${causes.length === 1 ? 'one cause' : `${causes.length} causes`}: ${first.title}${blame}`;
}
