import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { DeployMode, Level } from '../core/words.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { loopVersion } from '../runtime/version.ts';
import { durationMs } from './durations.ts';
import type { Host } from './host.ts';

/** Runs a command's work with this process's host, and keeps its exit code. */
export type Act = (work: (host: Host) => Promise<number>) => Promise<void>;

const examples = `
Examples:
  loop --focus all                    one whole turn: deploy, test, find the cause, prove a fix, open a pull request
  loop --focus "websockets auth"      only the suites of these focus words (safety suites always run)
  loop --focus changed                what covers a path that changed since what serves
  loop --focus all --dry-run          look at what would be done; nothing is changed
  loop --list                         what there is to test, and what it is measured against

Exit codes: 0 GO, or a read that worked · 1 NO-GO · 2 usage or configuration · 3 waits for a person · 4 INVALID ·
5 BLOCKED · 70 a bug of loop · 75 the environment is locked by another run · 130 interrupted, can be resumed
`;

/** Every command and its options. What a command needs is loaded when it is called. */
export function makeProgram(act: Act): Command {
  const program = new Command('loop')
    .description(
      'Deploys, tests, diagnoses and repairs Cloud Run services in a loop, and never says what it cannot prove.',
    )
    .version(loopVersion, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help, or that of a command')
    .configureHelp({ helpWidth: 110 })
    .addHelpText('after', examples);
  for (const add of [
    addRun,
    addResume,
    addDecisions,
    addReads,
    addParse,
    addHistory,
    addReplay,
    addEmulate,
    addNightly,
  ])
    add(program, act);
  for (const command of program.commands) command.helpOption('-h, --help', 'print this help');
  return program;
}

interface RunFlags {
  readonly focus?: string[];
  readonly env: string;
  readonly pipeline: string;
  readonly level?: RunOptions['level'];
  readonly deploy?: RunOptions['deploy'];
  readonly cycles?: number;
  readonly untilGreen?: boolean;
  readonly maxDuration?: number;
  readonly ref?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly override?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

function addRun(program: Command, act: Act): void {
  program
    .command('run', { isDefault: true })
    .description('one turn of the loop (also without the word `run`)')
    .option(
      '-f, --focus <words...>',
      'what to test: focus words, suite names, (parts of) test names, `changed`, or `all`',
    )
    .addOption(envOption())
    .addOption(pipelineOption())
    .addOption(new Option('--level <level>', 'what loop may do; default: the environment’s').choices(Level.options))
    .addOption(new Option('--deploy <when>', 'deploy candidates; default: auto').choices(DeployMode.options))
    .option('--cycles <n>', 'go round so often', countOf)
    .addOption(new Option('--until-green', 'go round until the verdict is GO').conflicts('cycles'))
    .option('--max-duration <time>', 'stop working after this time, e.g. 8h or 30m', milliseconds)
    .option('--ref <ref>', 'judge this branch, tag or commit instead of the base branch')
    .option(
      '--override <reason>',
      'test on behind a gate that was not met; the verdict stays, the reason is shouted',
      reasonOf,
    )
    .option('--force', 'with --override: let a revision that was found bad with traffic have traffic once more')
    .option('--list', 'print phases, suites and gates, in which order each suite would run, and why')
    .option('--dry-run', 'end in a plan: nothing is changed, no test runs')
    .option('--json', 'print one event a line on stdout, and the record last; with --list the selection')
    .option('--yes', 'answer yes where loop would ask')
    .action((flags: RunFlags) =>
      act(async (host) => {
        const { runCommand } = await import('./run.ts');
        return runCommand({ asked: runOptions(flags), list: flags.list ?? false, json: flags.json ?? false }, host);
      }),
    );
}

function runOptions(flags: RunFlags): RunOptions {
  return {
    focus: flags.focus ?? [],
    env: flags.env,
    pipeline: flags.pipeline,
    level: flags.level ?? null,
    deploy: flags.deploy ?? null,
    dryRun: flags.dryRun ?? false,
    cycles: flags.cycles ?? 1,
    untilGreen: flags.untilGreen ?? false,
    maxDurationMs: flags.maxDuration ?? null,
    ref: flags.ref ?? null,
    force: flags.force ?? false,
    override: flags.override ?? null,
    found: null,
  };
}

interface ResumeFlags {
  readonly env: string;
  readonly json?: boolean;
  readonly yes?: boolean;
}

function addResume(program: Command, act: Act): void {
  program
    .command('resume')
    .description('go on with a run that was interrupted, killed or parked')
    .argument('[run]', 'a run’s id or the start of it; default: the newest that can be resumed')
    .addOption(envOption())
    .option('--json', 'print one event a line on stdout, and the record last')
    .option('--yes', 'go on although the configuration changed')
    .action((run: string | undefined, { env, json = false, yes = false }: ResumeFlags) =>
      act(async (host) => (await import('./resume.ts')).resumeCommand({ run, env, json, yes }, host)),
    );
}

const decisions = {
  approve: 'say yes to what a parked run waits for, and go on with it',
  reject: 'say no to what a parked run waits for, and go on with it',
  cancel: 'end a run for good, cleanly',
} as const;

function addDecisions(program: Command, act: Act): void {
  for (const what of ['approve', 'reject', 'cancel'] as const) {
    program
      .command(what)
      .description(decisions[what])
      .addArgument(new Argument('<run>', 'a run’s id or the start of it, or `last`'))
      .addOption(envOption())
      .option('--json', 'print one event a line on stdout, and the record last')
      .option('--yes', 'go on although the configuration changed')
      .action((run: string, { env, json = false, yes = false }: ResumeFlags) =>
        act(async (host) => (await import('./decide.ts')).decideCommand({ what, run, env, json, yes }, host)),
      );
  }
}

function addReads(program: Command, act: Act): void {
  const reads = () => import('./read.ts');
  program
    .command('list')
    .description('the newest runs')
    .addOption(envOption())
    .action((asked: { env: string }) => act(async (host) => (await reads()).listCommand(asked, host)));
  program
    .command('status')
    .description('where a run stands, on one screen')
    .argument('[run]', 'a run’s id or the start of it; default: the newest')
    .addOption(envOption())
    .action((run: string | undefined, { env }: { env: string }) =>
      act(async (host) => (await reads()).statusCommand({ run, env }, host)),
    );
  program
    .command('show')
    .description('a run’s worklog, or its whole record')
    .argument('[run]', 'a run’s id or the start of it; default: the newest')
    .addOption(envOption())
    .option('--json', 'print the whole record')
    .option('--schema', 'print the JSON Schema of the record')
    .action((run: string | undefined, flags: { env: string; json?: boolean; schema?: boolean }) =>
      act(async (host) => {
        const { env, json = false, schema = false } = flags;
        return (await reads()).showCommand({ run, env, json, schema }, host);
      }),
    );
  program
    .command('why')
    .description('the chain from what was seen to what was published, each link with its evidence')
    .argument('<about>', 'a run, a cause’s fingerprint, or the number of an issue or a pull request')
    .addOption(envOption())
    .action((about: string, { env }: { env: string }) =>
      act(async (host) => (await reads()).whyCommand({ about, env }, host)),
    );
}

const parseNotes = `
Formats are known by their content: JUnit XML (surefire, pytest, jest, vitest, mocha, node, go, gtest, …), Playwright, CTRF, TAP 12 to 14,
go test (-json and printed), jest and vitest JSON, pytest (json-report, reportlog, console), mocha, mochawesome, TRX, NUnit, xUnit.net, TestNG,
Robot Framework, Cucumber, RSpec, Dart. Several files are read as one suite. Failures that stand in a report are an answer: exit code 0.
A report that cannot be read to its end: exit code 2.
`;

function addParse(program: Command, act: Act): void {
  program
    .command('parse')
    .description('what test reports of any kind say: totals, doubts, red tests')
    .argument('<file...>', 'report files; several are read as one suite')
    .option('--json', 'print one JSON object with all tests')
    .option('--same-name-retries', 'a test that follows a red one of its name is its next attempt')
    .addHelpText('after', parseNotes)
    .action((files: string[], { json = false, sameNameRetries }: { json?: boolean; sameNameRetries?: boolean }) =>
      act(async (host) => {
        const retries = sameNameRetries ? 'same-name' : undefined;
        return (await import('./parse.ts')).parseCommand({ files, json, retries }, host);
      }),
    );
}

function addHistory(program: Command, act: Act): void {
  program
    .command('history')
    .description('what single tests did over the runs: last outcomes, how often red, how long, last red run')
    .argument('[test]', 'a part of the test’s name; default: every test')
    .addOption(envOption())
    .option('--suite <name>', 'only the tests of this suite')
    .option('--json', 'print one JSON object a test')
    .action((test: string | undefined, flags: { env: string; suite?: string; json?: boolean }) =>
      act(async (host) => {
        const { env, suite = null, json = false } = flags;
        return (await import('./history.ts')).historyCommand({ test: test ?? null, suite, json, env }, host);
      }),
    );
}

function addReplay(program: Command, act: Act): void {
  program
    .command('replay')
    .description('compute a run’s verdict again from its stored artefacts, without a network')
    .argument('[run]', 'a run’s id or the start of it; default: the newest')
    .addOption(envOption())
    .action((run: string | undefined, { env }: { env: string }) =>
      act(async (host) => (await import('./replay.ts')).replayCommand({ run, env }, host)),
    );
}

function addEmulate(program: Command, act: Act): void {
  program
    .command('emulate')
    .description('start the embedded Cloud Run, Cloud Logging and GitHub, and print where they are')
    .addOption(envOption())
    .addOption(pipelineOption())
    .option('--stop', 'end it')
    .addOption(new Option('--serve').hideHelp())
    .action((flags: { env: string; pipeline: string; stop?: boolean; serve?: boolean }) =>
      act(async (host) => {
        const { env, pipeline, stop = false, serve = false } = flags;
        return (await import('./emulate.ts')).emulateCommand({ env, pipeline, stop, serve }, host);
      }),
    );
}

function addNightly(program: Command, act: Act): void {
  program
    .command('nightly')
    .description('run a pipeline at the times of its schedule, one run at a time, until it is stopped')
    .addOption(envOption())
    .addOption(pipelineOption())
    .option('--cron <expression>', 'the schedule (UTC); default: the pipeline’s `schedule`')
    .option('--count <n>', 'stop after so many nights', countOf)
    .action((flags: { env: string; pipeline: string; cron?: string; count?: number }) =>
      act(async (host) => {
        const { env, pipeline, cron = null, count = null } = flags;
        return (await import('./nightly.ts')).nightlyCommand({ env, pipeline, cron, count }, host);
      }),
    );
}

function envOption(): Option {
  return new Option('--env <name>', 'the environment, a file of config/').default('local');
}

function pipelineOption(): Option {
  return new Option('--pipeline <name>', 'the pipeline, a file of pipelines/').default('e2e');
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 1.');
}

const reasonCharsMax = 500;

/** One line: whoever reads the record sees it as it was typed. */
function reasonOf(text: string): string {
  const reason = text.replaceAll(/\s+/g, ' ').trim();
  if (reason === '') throw new InvalidArgumentError('Expected a reason: whoever reads the record wants to know why.');
  if (reason.length <= reasonCharsMax) return reason;
  throw new InvalidArgumentError(`Expected at most ${reasonCharsMax} characters, this has ${reason.length}.`);
}

function milliseconds(text: string): number {
  const ms = durationMs(text);
  if (ms !== null) return ms;
  throw new InvalidArgumentError('Expected a time such as 8h, 90m, 30s or 1d.');
}
