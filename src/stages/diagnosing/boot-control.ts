import type { Control, Deployment, Health, Why } from '../../core/record.ts';
import type { StageRun } from '../../ports/stage.ts';
import { type Trouble, troubleOf } from './boot-trouble.ts';
import type { DiagnosingParts } from './diagnosing-parts.ts';

type Parts = Pick<DiagnosingParts, 'pipeline'>;

interface BootControl {
  /** What failed and what passed, on both sides; null where there is nothing to compare, or too few repeats. */
  readonly row: Control | null;
  readonly why: Why;
  /** Whether the commits and settings between the two revisions may be looked at. */
  readonly blames: boolean;
}

/** Law 8 where no test ran: the failing check itself is the control. Rows only where it was repeated often enough. */
export function bootControls(parts: Parts, run: Pick<StageRun, 'record'>): Control[] {
  return run.record.deployments.flatMap((one) => {
    const trouble = one.role === 'candidate' ? troubleOf(one, run) : null;
    const row = trouble === null ? null : bootControl(one, trouble, parts, run).row;
    return row === null ? [] : [row];
  });
}

/** Repeats of the candidate are its boots, or the looks at its health; of the reference what it answered in this run. */
export function bootControl(
  deployment: Deployment,
  trouble: Trouble,
  { pipeline }: Parts,
  { record }: Pick<StageRun, 'record'>,
): BootControl {
  const { service } = deployment;
  const { repeats } = pipeline.control;
  const all = record.health.filter((one) => one.service === service && one.role === 'stable');
  if (all.length === 0 || all.some((one) => !one.ok)) {
    return { row: null, blames: false, why: why('Not known: the reference was not seen healthy.', []) };
  }
  const evidence = [...new Set([...trouble.evidence, ...all.flatMap((one) => one.evidence)])];
  const failed = trouble.sick?.attempts ?? Math.max(1, deployment.failure?.boot?.boots ?? 0);
  const { failedFirst, answers } = referenceOf(all, trouble.sick);
  const stable = record.deployments.find((one) => one.service === service && one.role === 'stable');
  const candidate = { revision: deployment.revision ?? 'none', runs: 'F'.repeat(Math.min(failed, repeats)) };
  const runs = `${'F'.repeat(failedFirst)}${'P'.repeat(answers)}`.slice(0, repeats);
  const reference = { revision: stable?.revision ?? 'none', runs };
  const sides = `(candidate ${candidate.revision}: ${candidate.runs}, reference ${reference.revision}: ${runs})`;
  if (failedFirst > 0) {
    const claim = `Not shown. The reference failed the same check before it answered ${sides}.`;
    return { row: null, blames: false, why: why(claim, evidence) };
  }
  if (Math.min(failed, answers) < repeats) {
    const claim = `It looks so, but that is not repeated as often as the ${repeats} that are wanted: the candidate ${triedWords(failed, trouble, deployment)}, and the reference answered ${times(answers)} ${sides}.`;
    return { row: null, blames: true, why: why(claim, evidence) };
  }
  const claim = `Yes. Repeated, it fails on the candidate, and the reference answers ${sides}.`;
  const [suite, check] = trouble.sick ? ['health', trouble.sick.target] : ['boot', 'boot'];
  const row = {
    suite,
    test: `${service}: ${check}`,
    first: 'F',
    candidate,
    reference,
    means: 'revision',
    note: null,
    evidence,
  } as const;
  return {
    row: deployment.revision === null || !stable?.revision ? null : row,
    blames: true,
    why: why(claim, evidence),
  };
}

/** For a boot every answer tells that the reference is up; for a health check only those to the same question count. */
function referenceOf(all: readonly Health[], sick: Health | null): { failedFirst: number; answers: number } {
  const answersOf = (row: Health) => row.latencyMs?.n ?? 1;
  if (sick === null) return { failedFirst: 0, answers: Math.min(...all.map(answersOf)) };
  const same = all.find((one) => one.target === sick.target && one.dependency === sick.dependency);
  return same ? { failedFirst: same.attempts - 1, answers: answersOf(same) } : { failedFirst: 0, answers: 0 };
}

function triedWords(failed: number, { sick }: Trouble, { failure }: Deployment): string {
  const verb = sick ? 'was asked' : failure?.boot?.boots ? 'booted' : 'was started';
  return `${verb} ${times(failed)}${failed === 1 ? ', not repeated' : ''}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function why(claim: string, evidence: string[]): Why {
  const status = evidence.length > 0 ? 'supported' : 'unknown';
  return { question: 'Did this revision bring the fault?', claim, status, evidence };
}
