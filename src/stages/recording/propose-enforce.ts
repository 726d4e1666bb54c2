import type { PipelineConfig } from '../../config/pipeline.ts';
import type { RunRecord, SuiteResult } from '../../core/record.ts';
import type { History } from '../../ports/history.ts';
import type { StageRun } from '../../ports/stage.ts';
import { mayEnterHistory } from './suite-history.ts';

/** So many runs that count, this one among them, without one alarm: then there was no false one either. */
const runsNeeded = 5;
/** Runs in which a rule had nothing to look at say nothing, and a run may have several cycles: so far back it is looked. */
const rowsMax = 50;
/** Counts can be chance: these rules cannot be enforced. A repeat that passed is no false pass: to refuse it is a choice, not a proof. */
const onlyWarn: readonly string[] = ['fewer-tests', 'collected', 'warning-count', 'instant', 'retried'];

/**
 * Rules that only warn, and that held in the last runs of a suite whose results count: a person may set them to `enforce`. A rule
 * that broke once is not proposed before it has held so often again, since nobody but a person knows whether it was right.
 */
export async function proposeEnforce(
  pipeline: Pick<PipelineConfig, 'pipeline' | 'suites'>,
  run: StageRun,
): Promise<RunRecord['next']> {
  if (!mayEnterHistory(run)) return [];
  const held: Held[] = [];
  for (const suite of run.record.phases.flatMap((phase) => phase.suites).filter(isEvidence)) {
    const names = suite.rules.filter(isCandidate).map(({ name }) => name);
    if (names.length === 0) continue;
    const earlier = await run.memory.history.rules(suite.name, rowsMax);
    for (const rule of names) {
      const runs = runsThatHeld(rule, earlier);
      if (runs !== null) held.push({ rule, suite: suite.name, runs });
    }
  }
  return steps(held, pipeline);
}

interface Held {
  readonly rule: string;
  readonly suite: string;
  /** The earlier runs, newest first. */
  readonly runs: readonly string[];
}

function isEvidence({ verdict }: SuiteResult): boolean {
  return verdict === 'GO' || verdict === 'NO-GO';
}

function isCandidate({ name, mode, ok }: SuiteResult['rules'][number]): boolean {
  return mode === 'warn' && ok === true && !onlyWarn.includes(name);
}

/** The newest earlier runs in which the rule was asked; null where they are too few, or it broke in one of them. */
function runsThatHeld(rule: string, earlier: Awaited<ReturnType<History['rules']>>): string[] | null {
  const runs = new Set<string>();
  for (const { run, rules } of earlier) {
    if (rules[rule] === undefined) continue;
    if (runs.size === runsNeeded - 1 && !runs.has(run)) break;
    if (!rules[rule]) return null;
    runs.add(run);
  }
  return runs.size === runsNeeded - 1 ? [...runs] : null;
}

/** One line for all rules that held for the same suites in the same runs. */
function steps(held: readonly Held[], { pipeline, suites }: Pick<PipelineConfig, 'pipeline' | 'suites'>) {
  const lines = new Map<string, { rules: string[]; suites: string[]; runs: Set<string> }>();
  for (const rule of new Set(held.map((one) => one.rule))) {
    const of = held.filter((one) => one.rule === rule);
    const names = of.map((one) => one.suite);
    const key = names.join(' ');
    const line = lines.get(key) ?? { rules: [], suites: names, runs: new Set<string>() };
    line.rules.push(rule);
    for (const name of of.flatMap((one) => one.runs)) line.runs.add(name);
    lines.set(key, line);
  }
  return [...lines.values()].map(({ rules, suites: of, runs }): RunRecord['next'][number] => {
    const all = Object.keys(suites).every((name) => of.includes(name));
    const modes = rules.map((rule) => `${rule}: enforce`).join(', ');
    const where = all ? '' : ` for ${of.length === 1 ? 'suite' : 'suites'} ${of.join(', ')}`;
    return {
      what: `set rules: { ${modes} }${where} in pipelines/${pipeline}.yaml`,
      who: 'person',
      because: `held in the last ${runsNeeded} runs that count: this one, ${[...runs].join(', ')}`,
    };
  });
}
