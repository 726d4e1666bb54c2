import type { SuiteConfig } from '../../config/pipeline.ts';
import type { Threshold } from '../../config/suite-threshold.ts';
import { counted } from '../../core/count-words.ts';
import { type Excuse, excusedIn, gateCountsAtBest } from '../../core/excused-tests.ts';
import { percent } from '../../core/judge-phase.ts';
import { lostAtNonPass, meetsGate, redLosesGate } from '../../core/pass-rate.ts';
import type { SuiteAttempt } from '../suite-attempt.ts';
import type { StopOnNoGo } from '../suite-watch.ts';
import { type SoundnessRules, unsound } from '../unsound-attempt.ts';

type Judged = Pick<SuiteAttempt, 'counts' | 'red' | 'passed' | 'partial'> & Parameters<typeof unsound>[0];

/**
 * Whether a suite alone decides the phase: its own gate is lost, by evidence that holds. A phase's gate is a sum, so a suite
 * that is judged by it can be made up for by the ones behind it.
 */
export function losesAlone(
  config: Pick<SuiteConfig, 'require'> & SoundnessRules,
  attempt: Judged,
  rules: Threshold,
  excuses: readonly Excuse[] = [],
): boolean {
  if (!config.require || rules.judgedBy === 'phase' || !isEvidence(attempt, config, rules)) return false;
  const { passed, selected } = gated(attempt, excuses);
  return !meetsGate(passed, selected, rules.thresholdPermille);
}

/** One suite that a phase's gate sums; `attempt` is null while it did not end. */
export interface Summed {
  readonly config: SoundnessRules;
  readonly rules: Threshold;
  readonly attempt: Judged | null;
  /** Null where nobody collected its tests before. */
  readonly collected: number | null;
  readonly excuses: readonly Excuse[];
}

/**
 * Whether the phase's own gate cannot be met any more by what ended: at non-pass number N − ⌈p·N⌉ + 1. N is known where every suite
 * that is still to come was collected; at 100 % one non-pass is enough whatever N is.
 */
export function losesPhase(thresholdPermille: number | null, suites: readonly Summed[]): boolean {
  if (thresholdPermille === null) return false;
  const ended = suites.flatMap(({ config, rules, attempt, excuses }) =>
    attempt !== null && isEvidence(attempt, config, rules) ? [gated(attempt, excuses)] : [],
  );
  const missed = ended.reduce((sum, { passed, selected }) => sum + selected - passed, 0);
  if (missed === 0) return false;
  if (thresholdPermille === 1000) return true;
  const open = suites.filter(({ attempt }) => attempt === null);
  if (open.some(({ collected }) => collected === null)) return false;
  const all =
    ended.reduce((sum, { selected }) => sum + selected, 0) + open.reduce((sum, one) => sum + (one.collected ?? 0), 0);
  return missed >= lostAtNonPass(all, thresholdPermille);
}

/**
 * For a suite that says `onNoGo: stop`: by its own red tests, where it is judged by itself, or by another suite's. Where its runner
 * repeats red tests (`retries`), a red one in its stream has not had its last word.
 */
export function stopOnNoGo(
  {
    config,
    rules,
    collected,
    excuses,
  }: Omit<Summed, 'attempt'> & { config: Pick<SuiteConfig, 'onNoGo' | 'require' | 'report'> },
  elsewhere: AbortSignal,
): StopOnNoGo | null {
  if (config.onNoGo !== 'stop') return null;
  const excused = new Set(excuses.flatMap(({ test }) => [test, test.split(' > ').at(-1) ?? test]));
  const lostBy: StopOnNoGo['lostBy'] = (all) => {
    if (rules.judgedBy === 'phase' || !config.require || config.report.retries !== undefined) return null;
    const red = all.filter(({ id, name }) => !excused.has(id) && !excused.has(name)).length;
    if (!redLosesGate(red, collected, rules.thresholdPermille)) return null;
    const of = collected === null ? '' : ` of ${collected}`;
    return `stopped: its gate of ${percent(rules.thresholdPermille)} was lost with ${counted(red, 'red test')}${of}`;
  };
  return { lostBy, elsewhere };
}

/** What its gate is held against does not matter for whether it is believed, unless it was stopped. */
function isEvidence(attempt: Judged, config: Summed['config'], rules: Threshold): boolean {
  return unsound(attempt, { ...config, thresholdPermille: rules.thresholdPermille }) === null;
}

function gated(attempt: Judged, excuses: readonly Excuse[]): { passed: number; selected: number } {
  return gateCountsAtBest({ ...attempt, tests: attempt.red, forgiven: [], excused: excusedIn(attempt, excuses) });
}
