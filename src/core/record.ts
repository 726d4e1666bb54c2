import { z } from 'zod';
import {
  BootFailureClass,
  CauseClass,
  ControlMeaning,
  FixOutcome,
  Level,
  Priority,
  Role,
  Rung,
  Verdict,
} from './words.ts';

/**
 * The record of a run: `run.json`, also what `loop show RUN --json` prints.
 * Every number in it is computed from a stored artefact; `evidence` holds ids such as `E12` into the record's own list.
 * Nullable fields are not known yet, or could not be proven.
 */
const Count = z.int().min(0);
const Permille = z.int().min(0).max(1000);
const Instant = z.iso.datetime();
const EvidenceIds = z.array(z.string());

export const Counts = z.strictObject({
  selected: Count,
  executed: Count,
  passed: Count,
  failed: Count,
  errored: Count,
  skipped: Count,
  notRun: Count,
});
export type Counts = z.infer<typeof Counts>;

export const Evidence = z.strictObject({
  id: z.string(),
  kind: z.string(),
  sha256: z.string(),
  /** Path inside the run's folder. */
  path: z.string(),
  source: z.string(),
  at: Instant,
  excerpt: z.string(),
});
export type Evidence = z.infer<typeof Evidence>;

export const TrafficShare = z.strictObject({
  revision: z.string().nullable(),
  percent: z.int().min(0).max(100),
  tag: z.string().nullable(),
  latest: z.boolean(),
});
export type TrafficShare = z.infer<typeof TrafficShare>;

/** One rung of the ladder that was proven, and by what. */
const ProvenRung = z.strictObject({ rung: Rung, because: z.string(), evidence: EvidenceIds });

/** One setting on two sides; null where a side has none. Values of variables are hashes, secrets are told by reference. */
const SettingDifference = z.strictObject({
  setting: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});

/** What a deploy command said, which proves nothing by itself: the verdict comes from the platform. */
const Transcript = z.strictObject({
  exitCode: z.int().nullable(),
  saysSuccess: z.boolean(),
  errors: z.array(
    z.strictObject({ class: z.string(), code: z.string().nullable(), text: z.string(), line: z.int().min(1) }),
  ),
  /** Cut off, damaged, verification skipped, no URL: why its words are worth less. */
  doubts: z.array(z.string()),
});

/** How a container failed to start, from that revision's own log. */
export const BootFailure = z.strictObject({
  class: BootFailureClass,
  /** One clause for people: `missing module 'x'`; empty where the class says all. */
  what: z.string().default(''),
  exitCode: z.int().nullable(),
  /** Boots, not lines. */
  boots: Count,
  lastEntries: z.array(z.string()),
  evidence: EvidenceIds,
});
export type BootFailure = z.infer<typeof BootFailure>;

export const Deployment = z.strictObject({
  service: z.string(),
  role: Role,
  revision: z.string().nullable(),
  image: z.string().nullable(),
  digest: z.string().nullable(),
  /** Where the digest was read: `image`, `image-store`; null when unknown. */
  digestFrom: z.string().nullable().default(null),
  commit: z.string().nullable(),
  commitFrom: z.string().nullable(),
  /** Commits that HEAD has and this has not, merges counted; null when it could not be counted. */
  commitsBehind: Count.nullable().default(null),
  /** How this run made it; null for what was there. */
  how: z.enum(['api', 'command']).nullable().default(null),
  rung: Rung.nullable(),
  /** Every rung that was proven, in order; `rung` is the last one. */
  rungs: z.array(ProvenRung).default([]),
  /** The first rung that was looked at and not proven, and why; null where nothing was missing. */
  notProven: z.strictObject({ rung: Rung, because: z.string() }).nullable().default(null),
  /** One generated sentence: what was decided and on which facts. */
  decision: z.string(),
  ageSeconds: z.number().nullable(),
  traffic: z.array(TrafficShare),
  /** From stable to this one; empty for stable itself. */
  settingsDiff: z.array(SettingDifference),
  /** From what the config wants to what is there. */
  drift: z.array(SettingDifference).default([]),
  transcript: Transcript.nullable().default(null),
  /** Why it did not get further; null when nothing went wrong. */
  failure: z
    .strictObject({ code: z.string(), message: z.string(), boot: BootFailure.nullable().default(null) })
    .nullable(),
  evidence: EvidenceIds,
});
export type Deployment = z.infer<typeof Deployment>;

export const Health = z.strictObject({
  service: z.string(),
  /** A dependency that this row is about, told by `service` or asked by itself; null for the service's own endpoint. */
  dependency: z.string().nullable().default(null),
  role: Role,
  target: z.string(),
  ok: z.boolean(),
  status: z.int().nullable(),
  latencyMs: z.strictObject({ p50: z.number(), p95: z.number(), n: Count }).nullable(),
  /** Looks until it was healthy or the retries were used up: all but the last one failed. */
  attempts: Count.default(1),
  /** The first request, which may have started an instance; not part of `latencyMs`. */
  coldMs: z.number().nullable().default(null),
  /** What the service calls itself, against the revision that was asked. */
  version: z.strictObject({ told: z.string(), expected: z.string(), matches: z.boolean() }).nullable().default(null),
  uptimeSeconds: z.number().nullable().default(null),
  tls: z.strictObject({ name: z.string(), expiresAt: Instant, daysLeft: z.int() }).nullable().default(null),
  addresses: z.array(z.string()).default([]),
  /** Its `server` header; null where it sent none. */
  server: z.string().nullable().default(null),
  because: z.string(),
  evidence: EvidenceIds,
});
export type Health = z.infer<typeof Health>;

const Frame = z.strictObject({ file: z.string(), line: z.int(), function: z.string().nullable() });

export const RedTest = z.strictObject({
  id: z.string(),
  name: z.string(),
  outcome: z.enum(['failed', 'errored']),
  /** First attempt first, `F` or `P` each. */
  attempts: z.string(),
  message: z.string(),
  frames: z.array(Frame),
});
export type RedTest = z.infer<typeof RedTest>;

/** One rule of evidence, with its figure; `ok` is null where there was nothing to hold it against. */
const SuiteRuleResult = z.strictObject({
  name: z.string(),
  mode: z.enum(['off', 'warn', 'enforce']),
  ok: z.boolean().nullable(),
  figure: z.string(),
  because: z.string().nullable(),
});
export type SuiteRuleResult = z.infer<typeof SuiteRuleResult>;
/** A test that the pipeline names as quarantined or as a known failure: it runs and is shown, and somebody answers for it until a day. */
export const ExcusedTest = z.strictObject({
  test: z.string(),
  as: z.enum(['quarantine', 'known']),
  /** `absent`: it neither passed nor failed here; a skip counts against the gate. */
  outcome: z.enum(['passed', 'red', 'absent']),
  owner: z.string(),
  issue: z.string(),
  /** The last day, `yyyy-mm-dd` in UTC. */
  until: z.string(),
});
export type ExcusedTest = z.infer<typeof ExcusedTest>;

/** A suite against its baseline: the newest earlier run with the same suite, selection and environment whose evidence held. */
export const Comparison = z.strictObject({
  run: z.string(),
  revision: z.string().nullable(),
  ageSeconds: z.number(),
  /** `same` where no test changed sides. */
  state: z.enum(['improved', 'same', 'worse']),
  before: z.strictObject({ passed: Count, selected: Count }),
  /** Ids of tests: red before and passing now, passing before and not now, not there before, there before only. */
  improved: z.array(z.string()),
  worse: z.array(z.string()),
  added: z.array(z.string()),
  gone: z.array(z.string()),
  same: Count,
  /** Of each test that is red now, how often it was red in how many earlier results. */
  rates: z.array(z.strictObject({ test: z.string(), red: Count, of: Count })),
  evidence: EvidenceIds,
});
export type Comparison = z.infer<typeof Comparison>;

export const SuiteResult = z.strictObject({
  name: z.string(),
  service: z.string(),
  priority: Priority,
  required: z.boolean(),
  verdict: Verdict,
  thresholdPermille: Permille,
  judgedBy: z.enum(['suite', 'phase']),
  roles: z.record(z.string(), Role),
  counts: Counts,
  passRatePermille: Permille.nullable(),
  exitCode: z.int().nullable(),
  durationMs: z.number().nullable(),
  peakRssBytes: z.int().nullable(),
  /** Where its services were reached, and what health checks of these saw as their `server` header. */
  targets: z.array(z.strictObject({ host: z.string(), serverHeader: z.string().nullable() })),
  seenByServer: z
    .strictObject({
      requests: Count,
      revision: z.string().nullable(),
      elsewhere: Count,
      /** Passed tests whose own trace is in the log, of all that passed; null where no test sets a trace, or nobody asked. */
      tests: z.strictObject({ seen: Count, of: Count }).nullable().default(null),
    })
    .nullable(),
  rules: z.array(SuiteRuleResult).default([]),
  invalidBecause: z.array(z.string()),
  warnings: z.array(z.string()),
  criteria: z.array(z.strictObject({ text: z.string(), state: z.enum(['met', 'not-met', 'unproven']) })),
  tests: z.array(RedTest),
  /** Tests that do not gate: all that are quarantined, and known failures that failed. `counts` has them as they ended. */
  excused: z.array(ExcusedTest).default([]),
  /** Red tests that are flaky on both revisions and count as passed within `flakyBudget`; `counts` and `tests` have them as red. */
  forgiven: z.array(z.string()).default([]),
  /** Ids or names of the tests that it was narrowed to; null where it ran whole. */
  narrowedTo: z.array(z.string()).nullable().default(null),
  /** How many tests there were before any ran; null where the suite has no `collect:`. */
  collected: z.strictObject({ count: Count, evidence: EvidenceIds }).nullable().default(null),
  /** Tests that had begun and not ended when the suite was stopped, as far as its stream tells. */
  hung: z.array(z.string()).default([]),
  /** The suite did not end by itself: its outcomes are those known until then, from its report or its stream. */
  partial: z.boolean().default(false),
  /** How it was spread over workers; `lowerBoundMs` is max(longest piece, all pieces ÷ workers). */
  split: z
    .strictObject({ workers: Count, items: Count, makespanMs: z.number(), lowerBoundMs: z.number() })
    .nullable()
    .default(null),
  /** Null where there is no earlier run to compare with, or the suite's evidence does not hold. */
  comparison: Comparison.nullable().default(null),
  evidence: EvidenceIds,
});
export type SuiteResult = z.infer<typeof SuiteResult>;

/** One condition of a phase's gate beside its rate, with the number of samples behind it. */
const ConditionResult = z.strictObject({
  text: z.string(),
  state: z.enum(['met', 'not-met', 'unproven']),
  n: Count,
  evidence: EvidenceIds,
});
export type ConditionResult = z.infer<typeof ConditionResult>;

export const PhaseResult = z.strictObject({
  name: z.string(),
  verdict: Verdict.nullable(),
  thresholdPermille: Permille.nullable(),
  passRatePermille: Permille.nullable(),
  /** The non-pass with this number made the gate unreachable. */
  lostAt: z.int().nullable(),
  reason: z.string(),
  conditions: z.array(ConditionResult).default([]),
  suites: z.array(SuiteResult),
});
export type PhaseResult = z.infer<typeof PhaseResult>;

const ControlSide = z.strictObject({ revision: z.string(), runs: z.string() });
export const Control = z.strictObject({
  suite: z.string(),
  test: z.string(),
  first: z.string(),
  candidate: ControlSide.nullable(),
  reference: ControlSide.nullable(),
  means: ControlMeaning,
  /** What the vectors mean beyond `means`; null where nothing is to be added. */
  note: z.string().nullable().default(null),
  evidence: EvidenceIds,
});
export type Control = z.infer<typeof Control>;

export const LogCluster = z.strictObject({
  fingerprint: z.string(),
  template: z.string(),
  count: Count,
  boots: Count,
  firstAt: Instant,
  lastAt: Instant,
  severity: z.string(),
  status: z.enum(['new', 'persisting', 'gone', 'known']),
  service: z.string(),
  revision: z.string().nullable(),
  root: z.string().nullable(),
  evidence: EvidenceIds,
});
export type LogCluster = z.infer<typeof LogCluster>;

const Window = z.strictObject({ from: Instant, to: Instant });
export const Logs = z.strictObject({
  filter: z.string(),
  window: z.strictObject({ requested: Window, covered: Window.nullable() }),
  truncated: z.boolean(),
  entries: Count,
  /** Set when the logs could not be read; then nothing is said about their content. */
  unreadable: z.string().nullable(),
  clusters: z.array(LogCluster),
  evidence: EvidenceIds,
});
export type Logs = z.infer<typeof Logs>;

export const Suspect = z.strictObject({
  commit: z.string(),
  title: z.string(),
  path: z.string().nullable(),
  line: z.int().nullable(),
  score: z.number(),
  reasons: z.array(z.string()),
});
export type Suspect = z.infer<typeof Suspect>;

export const Why = z.strictObject({
  question: z.string(),
  claim: z.string(),
  status: z.enum(['supported', 'refuted', 'unknown']),
  evidence: EvidenceIds,
});
export type Why = z.infer<typeof Why>;

export const Cause = z.strictObject({
  fingerprint: z.string(),
  class: CauseClass,
  title: z.string(),
  priority: Priority.nullable(),
  suite: z.string().nullable(),
  tests: z.array(z.string()),
  services: z.array(z.string()),
  suspects: z.array(Suspect),
  whys: z.array(Why),
  survived: Why.nullable(),
  rejected: z.array(z.string()),
  prevention: z.array(z.string()),
  options: z.array(
    z.strictObject({
      what: z.string(),
      loses: z.string(),
      measuredMinutes: z.number().nullable(),
      recommended: z.boolean(),
    }),
  ),
});
export type Cause = z.infer<typeof Cause>;

const ProofSide = z.strictObject({ revision: z.string(), commit: z.string(), runs: Count });
export const Proof = z.strictObject({
  suiteTests: z.array(z.string()),
  base: ProofSide.extend({ failed: Count }),
  fix: ProofSide.extend({ passed: Count }),
  ruledOutAbovePermille: Permille.nullable(),
  nothingWorse: z.boolean().nullable(),
  holds: z.boolean(),
  because: z.string(),
  evidence: EvidenceIds,
});
export type Proof = z.infer<typeof Proof>;

export const Fix = z.strictObject({
  cause: z.string(),
  attempt: z.int().min(1),
  fixer: z.string(),
  outcome: FixOutcome,
  because: z.string(),
  branch: z.string(),
  base: z.string(),
  commit: z.string().nullable(),
  files: z.array(z.string()),
  audits: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), because: z.string(), evidence: EvidenceIds })),
  proof: Proof.nullable(),
  evidence: EvidenceIds,
});
export type Fix = z.infer<typeof Fix>;

export const Published = z.strictObject({
  kind: z.enum(['issue', 'comment', 'pull', 'close']),
  action: z.enum(['created', 'edited', 'closed', 'reopened', 'none']),
  number: z.int(),
  url: z.string(),
  key: z.string(),
  title: z.string(),
  because: z.string(),
  cycle: z.int(),
});
export type Published = z.infer<typeof Published>;

/** How a revision did under traffic, from the platform's request entries; no requests is not healthy. */
export const TrafficWatch = z.strictObject({
  seconds: z.number(),
  requests: Count,
  /** Our own probes among them. */
  own: Count.default(0),
  errors: Count,
  errorRatePermille: Permille.nullable(),
  p95Ms: z.number().nullable(),
  ok: z.boolean(),
  because: z.string(),
  evidence: EvidenceIds,
});

export type TrafficWatch = z.infer<typeof TrafficWatch>;

export const TrafficMove = z.strictObject({
  at: Instant,
  service: z.string(),
  from: z.string(),
  to: z.string(),
  /** Share of `to` after the move. */
  percent: z.int().min(0).max(100).default(100),
  /** How the platform serves it now: by the revision's name, or as the latest one. */
  allocation: z.enum(['revision', 'latest']).default('revision'),
  /** From the decision to the platform's answer that it serves. */
  tookMs: z.number().nullable().default(null),
  watch: TrafficWatch.nullable().default(null),
  /** What the next deployment of someone else will meet, where the allocation's kind could not be kept. */
  note: z.string().nullable().default(null),
  why: z.string(),
  verified: z.boolean(),
  evidence: EvidenceIds,
});
export type TrafficMove = z.infer<typeof TrafficMove>;

export const RunState = z.enum(['running', 'finished', 'parked', 'interrupted', 'cancelled']);
export type RunState = z.infer<typeof RunState>;
export const RunOutcome = z.enum(['promoted', 'nothing-to-do', 'pull', 'issue', 'rolled-back', 'planned', 'none']);
export type RunOutcome = z.infer<typeof RunOutcome>;

export const Problem = z.strictObject({
  stage: z.string(),
  code: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
  blocks: z.boolean(),
});
export type Problem = z.infer<typeof Problem>;

export const VerdictOf = z.strictObject({
  value: Verdict,
  thinBecause: z.array(z.string()),
  reason: z.string(),
  counts: Counts,
  passRatePermille: Permille.nullable(),
  /** Which phase and suite decided; null where no test did. */
  of: z.strictObject({ phase: z.string(), suite: z.string().nullable() }).nullable(),
});
export type VerdictOf = z.infer<typeof VerdictOf>;

export const RunRecord = z.strictObject({
  schema: z.literal('loop/run/1'),
  run: z.strictObject({
    id: z.string(),
    command: z.string(),
    focus: z.array(z.string()),
    environment: z.string(),
    pipeline: z.string(),
    level: Level,
    ref: z.string().nullable(),
    head: z.string().nullable(),
    startedAt: Instant,
    endedAt: Instant.nullable(),
    state: RunState,
    stage: z.string(),
    outcome: RunOutcome,
    exitCode: z.int().nullable(),
    cycles: z.array(z.strictObject({ n: z.int(), verdict: Verdict.nullable(), reason: z.string(), endedAt: Instant })),
    thresholdsSha256: z.string().nullable(),
    configSha256: z.string().nullable(),
    limitsHit: z.array(z.string()),
  }),
  context: z.strictObject({
    lastRuns: z.array(z.strictObject({ run: z.string(), verdict: Verdict.nullable(), endedAt: Instant.nullable() })),
    openIssues: z.array(
      z.strictObject({
        number: z.int(),
        title: z.string(),
        key: z.string(),
        state: z.enum(['reproduced', 'not-reproduced', 'not-tested']),
      }),
    ),
    recentPulls: z.array(
      z.strictObject({
        number: z.int(),
        title: z.string(),
        key: z.string(),
        state: z.enum(['open', 'merged', 'closed']),
      }),
    ),
    baselines: z.array(z.strictObject({ suite: z.string(), run: z.string(), ageSeconds: z.number() })),
  }),
  selection: z
    .strictObject({
      focus: z.array(z.string()),
      partial: z.boolean(),
      suites: z.array(
        z.strictObject({
          name: z.string(),
          phase: z.string(),
          selected: z.boolean(),
          because: z.string(),
          /** Names of tests that the focus narrows it to; null where it runs whole. */
          tests: z.array(z.string()).nullable().default(null),
          /** Its place among the selected suites of its phase, and why; null where it does not run, and in older runs. */
          order: z
            .strictObject({ place: z.int().min(1), because: z.string() })
            .nullable()
            .default(null),
        }),
      ),
      /** What `--focus changed` went by; null where it was not asked for. */
      impact: z
        .strictObject({
          /** By service: the commit that serves; null where it is not known. */
          from: z.record(z.string(), z.string().nullable()),
          to: z.string().nullable(),
          paths: z.array(z.string()),
          /** Changed paths that are not listed. */
          more: Count.default(0),
          /** Changed paths, listed or not, that no suite covers. */
          uncovered: Count.default(0),
          /** Why the change is not known, so that every suite was selected. */
          unknown: z.string().nullable().default(null),
        })
        .nullable()
        .default(null),
      sha256: z.string(),
      evidence: EvidenceIds.default([]),
    })
    .nullable(),
  verdict: VerdictOf.nullable(),
  totals: Counts,
  deployments: z.array(Deployment),
  foreignChanges: z.array(
    z.strictObject({
      service: z.string(),
      what: z.string(),
      /** Whom the platform's audit log, or the foreign revision, names; null where they name nobody. */
      by: z.string().nullable().default(null),
      /** False where no selected suite needs the service: told, and nothing is void. */
      voids: z.boolean().default(true),
      at: Instant,
      evidence: EvidenceIds,
    }),
  ),
  health: z.array(Health),
  phases: z.array(PhaseResult),
  control: z.array(Control),
  logs: Logs.nullable(),
  causes: z.array(Cause),
  fixes: z.array(Fix),
  published: z.array(Published),
  approvals: z.array(
    z.strictObject({ what: z.string(), decision: z.enum(['asked', 'approved', 'rejected', 'expired']), at: Instant }),
  ),
  overrides: z.array(z.string()),
  /** What kept a stage from its work: a refused platform, an unreachable repository. `blocks` makes the run BLOCKED. */
  problems: z.array(Problem),
  trafficMoves: z.array(TrafficMove),
  impact: z
    .strictObject({
      usdAtRisk: z.number(),
      computation: z.array(
        z.strictObject({ suite: z.string(), usd: z.number(), because: z.enum(['failed', 'unproven']) }),
      ),
    })
    .nullable(),
  next: z.array(z.strictObject({ what: z.string(), who: z.enum(['person', 'loop']), because: z.string() })),
  evidence: z.array(Evidence),
  log: z.array(z.strictObject({ at: Instant, stage: z.string(), what: z.string() })),
});
export type RunRecord = z.infer<typeof RunRecord>;

export const noCounts: Counts = { selected: 0, executed: 0, passed: 0, failed: 0, errored: 0, skipped: 0, notRun: 0 };
