import { z } from 'zod';
import { RuleModes } from '../core/evidence-rules/rule.ts';
import { PhaseConditions } from '../core/phase-conditions.ts';
import { Criterion } from '../core/suite-criteria.ts';
import { Priority } from '../core/words.ts';

/** A rate as people write it (`95%`), kept as an integer permille. */
const percentExpected = 'expected a percentage such as 95% or 62.5%';
const Percent = z
  .string(percentExpected)
  .regex(/^(100|\d{1,2})(\.\d)?%$/, percentExpected)
  .transform((text) => Math.round(Number(text.slice(0, -1)) * 10))
  .refine((permille) => permille <= 1000, 'expected at most 100%');
/** What `publish.title` may hold in braces. */
export const titlePlaceholders = ['reason', 'test', 'suite', 'service', 'priority'] as const;

/** The word of `run` that stands for the chosen tests, and the part of a word that stands for the piece of a split suite. */
export const selectWord = '{select}';
export const itemPlace = '{item}';

const Argv = z
  .array(z.string())
  .min(1)
  .refine((words) => words[0] !== '', 'expected a program first');

/**
 * How a runner is told which of its tests to run. The word `{select}` in `run` marks the place; it is left out where all run.
 * With `shell: true` nothing is put into the text: the names are in `$LOOP_SELECT`, one a line, empty where all run.
 */
const SelectTests = z.strictObject({
  /** The words for it. `{test}`: the words are repeated for each test; `{tests}`: given once, all tests joined. */
  words: z.array(z.string().min(1)).min(1),
  /**
   * What a test is called by: its own name, its suites and name joined by spaces, its id, the parts of its id joined by `::` (pytest),
   * its class, or its file.
   */
  by: z.enum(['name', 'full-name', 'id', 'node-id', 'class', 'file']).default('name'),
  /** `regex`: what a regular expression would read otherwise is escaped, and the whole is anchored by the words. */
  escape: z.enum(['regex', 'none']).default('regex'),
  join: z.string().default('|'),
});
export type SelectTests = z.infer<typeof SelectTests>;

/** What tells how many tests there are before any runs: the denominator that a kill cannot shrink. */
const CollectTests = z.strictObject({
  run: Argv,
  /** `lines`: each line that `match` fits is a test, named by its first group, or by the line; `number`: the first group of the last fit. */
  count: z.enum(['lines', 'number']).default('lines'),
  match: z.string().min(1).optional(),
  timeoutSeconds: z.int().min(1).default(60),
});

/**
 * A suite in pieces that workers take from one queue, those of unknown duration first, then the longest. `{item}` in `run` is the
 * piece; with `shell: true` it is in `$LOOP_ITEM`. Each piece has a report folder of its own in `$LOOP_REPORT`.
 */
const SplitSuite = z.strictObject({
  /** The pieces: globs below the folder that the suite runs in, or what a command prints, one a line. */
  items: z.union([z.array(z.string().min(1)).min(1), z.strictObject({ run: Argv })]),
  /** At once; the machine's cores where it is left out. */
  workers: z.int().min(1).max(64).optional(),
});

const Name = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected a lower-case name (letters, digits, hyphens)');

export const SuiteConfig = z.strictObject({
  focus: z.array(z.string().regex(/^\S+$/, 'expected one word without spaces')).default([]),
  priority: Priority.default('P3'),
  /** `phase`: judged by the phase's gate, not by its own priority's; a percentage: its own threshold. */
  gate: z.union([z.literal('phase'), Percent]).optional(),
  require: z.boolean().default(true),
  service: z.string(),
  needs: z.array(z.string()).default([]),
  run: z.union([z.array(z.string()).min(1), z.string().min(1)]),
  shell: z.boolean().default(false),
  /** One glob or several, below the attempt's report folder; each must match a file. */
  report: z.strictObject({
    path: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
    /** A file that the runner writes while it runs, below the same folder, followed like its console. */
    stream: z.string().min(1).optional(),
    /** The runner repeats red tests and writes every attempt as a test of the same name: they are joined into one test. */
    retries: z.literal('same-name').optional(),
  }),
  evidence: z.enum(['server', 'none']).default('none'),
  /**
   * Fewer tests than this make the suite INVALID. Where it is left out, the floor is what the suite's last good run had on this
   * environment; what is declared goes before that, so that whoever takes tests out on purpose declares the new number.
   */
  testsMin: z.int().min(1).optional(),
  skippedMaxPermille: z.int().min(0).max(1000).default(200),
  /** Stronger or weaker than the pipeline's, rule by rule. */
  rules: RuleModes.default({}),
  /** What its tests may talk to besides the services: `host` or `host:port`. */
  hosts: z.array(z.string().regex(/^[^\s/:]+(:\d{1,5})?$/, 'expected host or host:port')).default([]),
  timeoutSeconds: z.int().min(1).default(300),
  /** How long one test may run, where the runner's stream tells when tests begin or end. */
  testTimeoutSeconds: z.int().min(1).optional(),
  /** No other suite runs beside it. */
  exclusive: z.boolean().default(false),
  /** Once its gate cannot be met any more: `finish`, since its failures are evidence, or `stop`. */
  onNoGo: z.enum(['finish', 'stop']).default('finish'),
  select: SelectTests.optional(),
  collect: CollectTests.optional(),
  split: SplitSuite.optional(),
  /** Paths of the repository whose change this suite would notice: globs. For `--focus changed`. */
  covers: z.array(z.string().min(1)).default([]),
  /** What it is for, beside its gate: told as met, not met or unproven. */
  criteria: z.array(Criterion).default([]),
  usdAtRisk: z.number().min(0).optional(),
});
export type SuiteConfig = z.infer<typeof SuiteConfig>;

/** A test that somebody answers for, until the end of a day in UTC. */
const ExcusedEntry = z.strictObject({
  suite: Name,
  /** The test's id, as `loop parse` and run.json print it. */
  test: z.string().min(1),
  owner: z.string().min(1),
  issue: z.string().min(1),
  until: z.iso.date('expected a day such as 2026-12-31'),
});

const PhaseConfig = z.strictObject({
  name: Name,
  always: z.boolean().default(false),
  gate: Percent.optional(),
  /** Further conditions of the gate; what is unproven does not pass. */
  conditions: PhaseConditions.prefault({}),
  suites: z.array(z.string()).min(1),
});

const Gates = z
  .strictObject({ P1: Percent, P2: Percent, P3: Percent, P4: Percent, P5: Percent, P6: Percent })
  .partial()
  .transform((given) => ({ P1: 1000, P2: 950, P3: 900, P4: 900, P5: 800, P6: 800, ...given }));

const FixerConfig = z.discriminatedUnion('use', [
  z.strictObject({ use: z.literal('revert-commit') }),
  z.strictObject({
    use: z.literal('command'),
    run: z.array(z.string()).min(1),
    timeoutSeconds: z.int().min(1).default(900),
  }),
]);

const AuditConfig = z.strictObject({
  name: Name,
  scope: z.enum(['product', 'tests', 'all']).default('all'),
  run: z.array(z.string()).min(1),
  number: z.enum(['exit-code', 'stdout-number']).default('exit-code'),
  may: z.enum(['not-rise', 'not-fall', 'be-zero']).default('not-rise'),
});

export const PipelineConfig = z.strictObject({
  pipeline: Name,
  deploy: z
    .strictObject({
      how: z.enum(['api', 'command', 'none']).default('api'),
      /** With `how: command`: the program that deploys one service, told by LOOP_SERVICE, LOOP_COMMIT, LOOP_STEP_KEY and others. */
      command: z
        .strictObject({
          run: z
            .array(z.string())
            .min(1)
            .refine((words) => words[0] !== '', 'expected a program first'),
          /** Variables that it gets from where loop runs, e.g. CLOUDSDK_CONFIG. */
          pass: z.array(z.string().min(1)).default([]),
          timeoutSeconds: z.int().min(1).default(900),
        })
        .optional(),
      maxAgeMinutes: z.int().min(1).default(30),
      stableForSeconds: z.int().min(0).default(3),
      timeoutSeconds: z.int().min(1).default(300),
    })
    .prefault({}),
  gates: Gates.prefault({}),
  /** Rules of evidence that are no laws; what is not named here only warns. */
  rules: RuleModes.default({}),
  flakyBudget: z
    .strictObject({ tests: z.int().min(0).default(2), permille: z.int().min(0).max(1000).default(10) })
    .prefault({}),
  control: z.strictObject({ repeats: z.int().min(1).max(20).default(3) }).prefault({}),
  proof: z
    .strictObject({ repeats: z.int().min(5).max(200).default(5), passesMax: z.int().min(5).max(1000).default(100) })
    .prefault({}),
  health: z
    .strictObject({
      samples: z.int().min(1).max(100).default(5),
      timeoutMs: z.int().min(1).default(5000),
      retries: z.int().min(0).default(3),
      /** Requests before the samples, told apart: the first may start an instance. */
      warmups: z.int().min(0).max(10).default(1),
      /** The whole check of all services and dependencies ends within this: always under a minute. */
      preflightSeconds: z.int().min(1).max(55).default(55),
    })
    .prefault({}),
  traffic: z
    .strictObject({
      /** Percent of the candidate, step by step; the last one is 100. */
      steps: z.array(z.int().min(1).max(100)).min(1).default([100]),
      /** How long each step is watched; at least `deploy.stableForSeconds` for the last one. */
      watchSeconds: z.number().min(0).default(3),
      /** Fewer requests of users than this in a watch are no proof: traffic goes back. With 0, where nobody came health alone decides. */
      requestsMin: z.int().min(0).default(0),
      errorRateMax: Percent.prefault('1%'),
      latencyP95MsMax: z.int().min(1).optional(),
    })
    .prefault({}),
  running: z
    .strictObject({
      /** Suites of a phase at once. Those that are `exclusive` run alone. */
      parallel: z.int().min(1).max(64).default(1),
      /** Within a phase. `risk`: failed last time, new, by priority, recently passed last; `pipeline`: as they are written. */
      order: z.enum(['risk', 'pipeline']).default('risk'),
    })
    .prefault({}),
  phases: z.array(PhaseConfig).min(1),
  suites: z.record(Name, SuiteConfig),
  /** Unreliable tests: they run and are shown, and do not gate. `leave`: so many passes in a row end it. */
  quarantine: z
    .array(ExcusedEntry.extend({ leave: z.strictObject({ passes: z.int().min(1).default(20) }).prefault({}) }))
    .default([]),
  /** Failures that are expected: they do not gate while they fail; a pass is said. */
  known: z.array(ExcusedEntry).default([]),
  logs: z
    .strictObject({ severities: z.literal('all').default('all'), settleSeconds: z.number().min(0).default(5) })
    .prefault({}),
  fixers: z.array(FixerConfig).default([]),
  audits: z.array(AuditConfig).default([]),
  publish: z
    .strictObject({
      labels: z.array(z.string().min(1)).max(3).default(['loop']),
      title: z.string().default('E2E-DEPLOY-{reason}-{test}'),
    })
    .prefault({}),
  approve: z.array(z.enum(['fix', 'pull', 'traffic'])).default([]),
  approvalHours: z.number().min(0).default(24),
  rest: z.strictObject({ seconds: z.number().min(0).default(60) }).prefault({}),
  /** Cron expression in UTC for `loop nightly`. */
  schedule: z.string().optional(),
});
export type PipelineConfig = z.infer<typeof PipelineConfig>;
