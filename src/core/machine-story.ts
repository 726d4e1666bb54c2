import type {
  Approval,
  LoopContext,
  LoopOptions,
  StageFacts,
  StageName,
  StageOutput,
  StageTask,
} from './loop-context.ts';
import { DeployMode, Level, type Verdict } from './words.ts';

/**
 * The notation of the machine's stories: `deploy:up test:red control:red fix:fixed …`, one word for each thing that happens.
 * A stage may be left out where it gives its usual answer. While a stage works, `test:broke` is a bug of ours, `test:expire` the
 * deadline, `test:cancel` a person, `test:ctrl-c` a voided attempt. `approve`, `reject`, `cancel` and `lapse` answer a question.
 */
export interface StoryWord {
  /** The stage that works while this happens; null while a person is asked. */
  readonly stage: StageName | null;
  readonly what: Answer | Disturbance | 'approve' | 'reject' | 'approvalExpired';
}

type Disturbance = (typeof disturbances)[number];
const disturbances = ['broke', 'expire', 'cancel', 'ctrl-c'] as const;

export interface Answer {
  readonly facts: StageFacts[StageName];
  /** What the record is worth from now on; left out where the stage does not change it. */
  readonly verdict?: Verdict;
}

const up = { result: 'up', badRevisionHasTraffic: false } as const;
const met = { gate: 'met', red: false, morePhases: false, foreign: false } as const;
const controlled = {
  badRevisionHasTraffic: false,
  referenceGreen: true,
  foreign: false,
  gate: 'not-met',
  morePhases: false,
} as const;

/** Short name, state, and the answers of each stage. The first one is the usual one. */
const vocabulary = {
  prepare: ['preparing', { ready: { facts: { ready: true } }, unreachable: blocked({ ready: false }) }],
  revisions: ['checkingRevisions', { stale: { facts: { fresh: false } }, fresh: { facts: { fresh: true } } }],
  deploy: [
    'deploying',
    {
      up: { facts: up },
      partly: { facts: { ...up, result: 'partly' }, verdict: 'NO-GO' },
      none: { facts: { ...up, result: 'none-up' }, verdict: 'NO-GO' },
      'none-on-both': blocked({ ...up, result: 'none-up' }),
      refused: blocked({ ...up, result: 'platform-refused' }),
      'bad-with-traffic': { facts: { result: 'none-up', badRevisionHasTraffic: true }, verdict: 'NO-GO' },
    },
  ],
  health: [
    'checkingHealth',
    {
      ok: { facts: { result: 'ok', badRevisionHasTraffic: false } },
      'candidate-down': { facts: { result: 'candidate-down', badRevisionHasTraffic: false }, verdict: 'NO-GO' },
      'bad-with-traffic': { facts: { result: 'candidate-down', badRevisionHasTraffic: true }, verdict: 'NO-GO' },
      'all-down': blocked({ result: 'nothing-can-run', badRevisionHasTraffic: false }),
    },
  ],
  test: [
    'testing',
    {
      met: { facts: met, verdict: 'GO' },
      'met-but-red': { facts: { ...met, red: true }, verdict: 'GO' },
      red: { facts: { ...met, gate: 'not-met', red: true }, verdict: 'NO-GO' },
      invalid: { facts: { ...met, gate: 'invalid' }, verdict: 'INVALID' },
      foreign: { facts: { ...met, foreign: true } },
    },
  ],
  control: [
    'controlling',
    {
      red: { facts: controlled },
      'red-on-both': { facts: { ...controlled, referenceGreen: false } },
      'bad-with-traffic': { facts: { ...controlled, badRevisionHasTraffic: true } },
      'both-with-traffic': { facts: { ...controlled, badRevisionHasTraffic: true, referenceGreen: false } },
      foreign: { facts: { ...controlled, foreign: true } },
      flaky: { facts: { ...controlled, referenceGreen: false, gate: 'met' }, verdict: 'GO' },
      'flaky-so-far': { facts: { ...controlled, referenceGreen: false, gate: 'unfinished' } },
    },
  ],
  back: [
    'rollingBack',
    {
      moved: { facts: { result: 'moved' } },
      migration: { facts: { result: 'migration-forbids' } },
      failed: { facts: { result: 'failed' } },
    },
  ],
  logs: ['readingLogs', { still: { facts: { somethingToMove: false } }, move: { facts: { somethingToMove: true } } }],
  promote: [
    'promoting',
    {
      held: { facts: { result: 'held', foreign: false } },
      worse: { facts: { result: 'worse', foreign: false }, verdict: 'NO-GO' },
      unproven: { facts: { result: 'worse', foreign: false }, verdict: 'INVALID' },
      refused: blocked({ result: 'refused', foreign: false }),
      foreign: { facts: { result: 'held', foreign: true } },
    },
  ],
  diagnose: ['diagnosing', { causes: { facts: { causes: 1 } } }],
  decide: [
    'deciding',
    {
      none: { facts: { choice: 'none', cause: null } },
      fix: { facts: { choice: 'fix', cause: 'A' } },
      issue: { facts: { choice: 'issue', cause: 'A' } },
      open: { facts: { choice: 'existing-pull', cause: 'A' } },
      'fix-B': { facts: { choice: 'fix', cause: 'B' } },
      'issue-B': { facts: { choice: 'issue', cause: 'B' } },
    },
  ],
  fix: [
    'fixing',
    {
      fixed: { facts: { outcome: 'fixed' } },
      'no-op': { facts: { outcome: 'no-op' } },
      'weakened-tests': { facts: { outcome: 'weakened-tests' } },
    },
  ],
  audit: ['auditing', { passed: { facts: { passed: true } }, failed: { facts: { passed: false } } }],
  prove: [
    'proving',
    {
      holds: { facts: { holds: true, foreign: false } },
      fails: { facts: { holds: false, foreign: false } },
      foreign: { facts: { holds: false, foreign: true } },
    },
  ],
  revert: ['reverting', { clean: { facts: { clean: true } } }],
  publish: ['publishing', { last: { facts: { causesLeft: 0 } }, more: { facts: { causesLeft: 1 } } }],
  record: ['recording', { written: { facts: { written: true } } }],
  rest: ['resting', { changed: { facts: { changed: true } } }],
  revalidate: [
    'revalidating',
    { unchanged: { facts: { unchanged: true } }, 'moved-on': { facts: { unchanged: false } } },
  ],
} as const satisfies Record<string, readonly [StageName, Record<string, Answer>]>;

function blocked<F extends StageFacts[StageName]>(facts: F) {
  return { facts, verdict: 'BLOCKED' } as const;
}

const people = {
  approve: 'approve',
  reject: 'reject',
  cancel: 'cancel',
  lapse: 'approvalExpired',
  'ctrl-c': 'ctrl-c',
} as const;

/** Stages that a story must tell; the others have a usual answer. */
const mustBeTold: readonly StageName[] = ['testing', 'controlling', 'promoting', 'deciding', 'fixing', 'proving'];

/** Three lines a story: its title, what happens, and the path walked. */
export function storiesIn(text: string): [title: string, line: string, path: string][] {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.trim());
  return Array.from(
    { length: lines.length / 3 },
    (_, at) => lines.slice(at * 3, at * 3 + 3) as [string, string, string],
  );
}

/** Reads a line of the notation. Throws for a word that it does not have, since that is a mistake in the test. */
export function readStory(line: string): StoryWord[] {
  return line.split(' ').filter(Boolean).map(readWord);
}

function readWord(word: string): StoryWord {
  if (word in people) return { stage: null, what: people[word as keyof typeof people] };
  const [short = '', said] = word.split(':');
  const entry = vocabulary[short as keyof typeof vocabulary];
  if (!entry) throw new Error(`the stories have no word "${word}"`);
  const [stage, answers] = entry as readonly [StageName, Record<string, Answer>];
  const what = disturbances.find((one) => one === said) ?? answers[said ?? Object.keys(answers)[0] ?? ''];
  if (!what) throw new Error(`"${short}" cannot say "${said}"`);
  return { stage, what };
}

/** What a stage says where the story does not tell; null where the story must. */
export function usualAnswer(stage: StageName): Answer | null {
  return mustBeTold.includes(stage) ? null : (answersOf(stage)[0] ?? null);
}

export function answersOf(stage: StageName): readonly Answer[] {
  const entry = Object.values(vocabulary).find(([name]) => name === stage);
  return entry ? Object.values<Answer>(entry[1]) : [];
}

/** A stage's answer as the machine is told it; which phase is the last one is the pipeline's, not the story's. */
export function outputOf(task: StageTask, answer: Answer, verdict: Verdict | null, phases: number): StageOutput {
  const facts = 'morePhases' in answer.facts ? { ...answer.facts, morePhases: task.phase + 1 < phases } : answer.facts;
  return { stage: task.stage, facts, verdict };
}

/** The command line of a story, such as `--level=report --phases=2`, and the words after it. */
export function splitCommandLine(line: string): { options: LoopOptions; phases: number; words: string } {
  const flags = new Map(
    line
      .split(' ')
      .flatMap((word) => [/^--([a-z-]+)(?:=(.*))?$/.exec(word)?.slice(1) as [string, string]])
      .filter(Boolean),
  );
  const options = optionsWith({
    dryRun: flags.has('dry-run'),
    untilGreen: flags.has('until-green'),
    allSelected: !flags.has('partial'),
    level: Level.parse(flags.get('level') ?? 'act'),
    servesUnproven: flags.has('serves-unproven'),
    override: flags.has('override'),
    deploy: DeployMode.parse(flags.get('deploy') ?? 'auto'),
    cycles: Number(flags.get('cycles') ?? 1),
    approve: flags.has('approve') ? [flags.get('approve') as Approval] : [],
  });
  const words = line.split(' ').filter((word) => !word.startsWith('--'));
  return { options, phases: Number(flags.get('phases') ?? 1), words: words.join(' ') };
}

export function optionsWith(options: Partial<LoopOptions>): LoopOptions {
  const usual = {
    dryRun: false,
    level: 'act',
    deploy: 'auto',
    allSelected: true,
    cycles: 1,
    untilGreen: false,
  } as const;
  return { ...usual, approve: [], ...options };
}

/** `NO-GO`, and what else a reader of the end must know. */
export function endOf(context: LoopContext): string {
  const marks = [
    context.expired && 'expired',
    context.cancelled && 'cancelled',
    context.broken && `broke in ${context.broken.stage}`,
  ];
  return [context.verdict ?? 'no verdict', ...marks.filter(Boolean)].join(', ');
}
