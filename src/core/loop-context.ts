import type { DeployMode, FixOutcome, Level, Verdict } from './words.ts';

/** What each stage tells the machine. Everything else that a stage finds out goes into the record. */
export interface StageFacts {
  preparing: { ready: boolean };
  checkingRevisions: { fresh: boolean };
  deploying: { result: 'up' | 'partly' | 'none-up' | 'platform-refused'; badRevisionHasTraffic: boolean };
  checkingHealth: { result: 'ok' | 'candidate-down' | 'nothing-can-run'; badRevisionHasTraffic: boolean };
  testing: { gate: 'met' | 'not-met' | 'invalid'; red: boolean; morePhases: boolean; foreign: boolean };
  /** `gate`: the phase's gate after the flaky budget; `unfinished` is met so far, and has suites that were not run. */
  controlling: {
    badRevisionHasTraffic: boolean;
    referenceGreen: boolean;
    foreign: boolean;
    gate: 'met' | 'not-met' | 'unfinished';
    morePhases: boolean;
  };
  rollingBack: { result: 'moved' | 'migration-forbids' | 'failed' };
  readingLogs: { somethingToMove: boolean };
  /** `worse`: what was moved must go back. `refused`: nothing was moved, and nothing will be. */
  promoting: { result: 'held' | 'worse' | 'refused'; foreign: boolean };
  diagnosing: { causes: number };
  deciding: { choice: 'none' | 'existing-pull' | 'fix' | 'issue'; cause: string | null };
  fixing: { outcome: FixOutcome };
  auditing: { passed: boolean };
  proving: { holds: boolean; foreign: boolean };
  reverting: { clean: boolean };
  publishing: { causesLeft: number };
  recording: { written: boolean };
  resting: { changed: boolean };
  revalidating: { unchanged: boolean };
}

export type StageName = keyof StageFacts;

export const stageNames = [
  'preparing',
  'checkingRevisions',
  'deploying',
  'checkingHealth',
  'testing',
  'controlling',
  'rollingBack',
  'readingLogs',
  'promoting',
  'diagnosing',
  'deciding',
  'fixing',
  'auditing',
  'proving',
  'reverting',
  'publishing',
  'recording',
  'resting',
  'revalidating',
] as const satisfies readonly StageName[];

/** What a stage hands back: its facts, and the verdict of the record as it stands now. */
export interface StageOutput<S extends StageName = StageName> {
  readonly stage: S;
  readonly facts: StageFacts[S];
  readonly verdict: Verdict | null;
}

/** What a stage is asked to do. Its key names the step in the journal. */
export interface StageTask {
  readonly stage: StageName;
  readonly cycle: number;
  /** How often this stage was entered in this cycle, from 1. */
  readonly visit: number;
  readonly phase: number;
  readonly cause: string | null;
  /** The deadline has passed: say what is known, begin nothing. */
  readonly expired: boolean;
  readonly cancelled: boolean;
  /** A person refused the fix or its pull request. */
  readonly refused: boolean;
  /** A person allowed traffic to move across a migration. */
  readonly trafficApproved: boolean;
}

export interface LoopOptions {
  readonly dryRun: boolean;
  readonly level: Level;
  readonly deploy: DeployMode;
  /** Every suite of the pipeline is selected: only then may traffic move forward. */
  readonly allSelected: boolean;
  readonly cycles: number;
  readonly untilGreen: boolean;
  readonly approve: readonly Approval[];
  /** A candidate may serve before it is proven: its service has no tag, or a command of the user's deploys it. */
  readonly servesUnproven?: boolean;
  /** `--force`: a revision that was found bad before may have traffic again. */
  readonly force?: boolean;
  /** `--override`: testing goes on behind a gate that was not met. Its reason stays out of the context: it is a person's text. */
  readonly override?: boolean;
}

export type Approval = 'fix' | 'pull' | 'traffic';

export interface LoopContext {
  readonly options: LoopOptions;
  readonly verdict: Verdict | null;
  /** The newest facts of each stage in this cycle. */
  readonly facts: Partial<StageFacts>;
  readonly visits: Partial<Record<StageName, number>>;
  readonly cycle: number;
  readonly phase: number;
  readonly cause: string | null;
  readonly foreignSeen: number;
  readonly expired: boolean;
  readonly cancelled: boolean;
  readonly refused: boolean;
  readonly approved: readonly Approval[];
  /** What a person is asked, and where an approval leads back to. */
  readonly awaiting: {
    readonly what: Approval;
    readonly target: 'fixing' | 'publishing' | 'promoting' | 'rollingBack';
  } | null;
  /** A stage that broke: a bug of ours. The run ends with exit code 70. */
  readonly broken: { readonly stage: StageName; readonly message: string } | null;
  /** True while the stage that was just left broke. */
  readonly justBroke: boolean;
}

export type LoopEvent =
  | { type: 'cancel' }
  | { type: 'approve' }
  | { type: 'reject' }
  | { type: 'approvalExpired' }
  /** The run's deadline has passed. */
  | { type: 'expire' };

export function firstContext(options: LoopOptions): LoopContext {
  return {
    options,
    verdict: null,
    facts: {},
    visits: {},
    cycle: 1,
    phase: 0,
    cause: null,
    foreignSeen: 0,
    expired: false,
    cancelled: false,
    refused: false,
    approved: [],
    awaiting: null,
    broken: null,
    justBroke: false,
  };
}
