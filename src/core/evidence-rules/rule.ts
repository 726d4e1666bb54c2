import { z } from 'zod';
import type { Counts } from '../record.ts';
import type { SuiteSigns } from './suite-signs.ts';

/** What is known about one attempt of a suite, all of it read from stored artefacts. */
export interface SuiteFacts {
  /** `test-timeout`: one of its tests took too long; `stopped`: its gate was lost and it says `onNoGo: stop`. */
  readonly how: 'exited' | 'timeout' | 'cancelled' | 'test-timeout' | 'stopped' | 'not-started';
  readonly exitCode: number | null;
  readonly message: string | null;
  /** Null when the report could be read. */
  readonly reportProblem: string | null;
  readonly counts: Counts;
  /** How many tests a collection before the run listed; null or absent where nobody collected. */
  readonly collected?: number | null;
  /** What the report says of itself that makes its passes no evidence. */
  readonly reportDoubts: readonly string[];
  /** Where the runner's own closing lines differ from the report; null when they agree or it prints none. */
  readonly summaryProblem: string | null;
  /** What console and tests gave away; absent in attempts that an older loop stored. */
  readonly signs?: SuiteSigns;
  /** `host` or `host:port` of everything that the suite may talk to; absent where nobody said. */
  readonly hosts?: readonly string[];
  /** Requests of this attempt in the server's log; null when nobody looked. `tests` is null where no test set a trace of its own. */
  readonly seen: {
    readonly requests: number;
    readonly elsewhere: number;
    readonly tests?: { readonly seen: number; readonly of: number } | null;
  } | null;
  readonly seenProblem: string | null;
}

export interface SuiteRules {
  /** As the pipeline declares it; without it the last good run's count is the floor. */
  readonly testsMin?: number | undefined;
  /** The newest earlier run in which the suite was GO; null or absent where nobody knows of one. */
  readonly lastGood?: { readonly run: string; readonly tests: number } | null;
  readonly skippedMaxPermille: number;
  readonly evidence: 'server' | 'none';
  readonly thresholdPermille: number;
  /** What is not named here only warns. The laws cannot be named: they are always enforced. */
  readonly rules?: RuleModes;
}

const RuleMode = z.enum(['off', 'warn', 'enforce']);

/** Counts alone never make a suite INVALID: they can be chance. */
const CountMode = z.enum(['off', 'warn'], 'expected off or warn: a count alone proves nothing');

/** A first attempt that failed is always told: this rule cannot be switched off. */
const RetriedMode = z.enum(['warn', 'enforce'], 'expected warn or enforce: a first attempt that failed is always told');

/** The rules that a pipeline or a suite may set; what is a law is not among them. */
export const RuleModes = z
  .strictObject({
    hosts: RuleMode,
    'never-awaited': RuleMode,
    mock: RuleMode,
    bypass: RuleMode,
    'tests-seen': RuleMode,
    retried: RetriedMode,
    'fewer-tests': CountMode,
    'warning-count': CountMode,
    instant: CountMode,
    collected: CountMode,
  })
  .partial();
export type RuleModes = z.infer<typeof RuleModes>;

/** What one rule found. `ok` is null where there was nothing to hold it against; `because` is set where it is false. */
export interface RuleFinding {
  readonly ok: boolean | null;
  /** The measured figure for people, e.g. `33 of 37 skipped, at most 20 %`. */
  readonly figure: string;
  readonly because: string | null;
}

export interface EvidenceRule {
  readonly name: string;
  /** `law`: always enforced. Else the name under which a pipeline sets it. */
  readonly set: 'law' | keyof RuleModes;
  readonly check: (facts: SuiteFacts, rules: SuiteRules) => RuleFinding;
}

export function holds(figure: string): RuleFinding {
  return { ok: true, figure, because: null };
}

export function broken(because: string, figure = because): RuleFinding {
  return { ok: false, figure, because };
}

export function notAsked(figure: string): RuleFinding {
  return { ok: null, figure, because: null };
}

/** Tests that the report holds: what is not run was not reported, and is in the denominator all the same. */
export function reported({ counts }: Pick<SuiteFacts, 'counts'>): number {
  return counts.selected - counts.notRun;
}

export function redTests({ counts }: Pick<SuiteFacts, 'counts'>): number {
  return counts.failed + counts.errored;
}
