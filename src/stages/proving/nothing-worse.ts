import type { SuiteConfig } from '../../config/pipeline.ts';
import type { Cause, SuiteResult } from '../../core/record.ts';
import type { StageRun } from '../../ports/stage.ts';
import { testsIn } from '../cause-tests.ts';
import { sideBySide } from '../side-by-side.ts';
import { runSuite, type SuiteAttempt } from '../suite-attempt.ts';
import { unsound, withPipelineRules } from '../unsound-attempt.ts';
import type { DeployedFix } from './fix-revisions.ts';
import type { ProvingParts } from './proving-parts.ts';
import type { Repeats } from './repeats.ts';

export interface RestOfPhases {
  readonly compared: number;
  /** One sentence for each suite that is worse. */
  readonly worse: readonly string[];
  readonly rows: readonly {
    suite: string;
    against: 'base' | 'reference';
    redBefore: readonly string[];
    redAfter: readonly string[];
    evidence: readonly string[];
  }[];
}

/** Every suite of every phase on the fix: held against the base where it ran there as evidence, else against the reference. */
export async function nothingWorse(
  request: { cause: Cause; deployed: DeployedFix; repeated: Repeats; cwd: string },
  parts: ProvingParts,
  run: StageRun,
): Promise<RestOfPhases> {
  const suites = parts.selection.phases.flatMap((phase) => phase.suites.filter((suite) => suite.selected));
  const rows: RestOfPhases['rows'][number][] = [];
  const worse: string[] = [];
  for (const { name, config } of suites) {
    run.progress(`${name}: is anything worse with the fix?`);
    const row = await compare(name, config, request, parts, run);
    rows.push(row.row);
    if (row.worse) worse.push(`${name}: ${row.worse}`);
  }
  return { compared: rows.length, worse, rows };
}

async function compare(
  name: string,
  config: SuiteConfig,
  request: Parameters<typeof nothingWorse>[0],
  parts: ProvingParts,
  run: StageRun,
) {
  const { deployed, repeated, cause, cwd } = request;
  const on = (side: string, urls: Readonly<Record<string, string>>) =>
    runSuite({ key: `${run.key}/rest/${name}/${side}`, name, suite: config, urls, cwd }, parts, run);
  const ranOnBase = run.record.phases
    .flatMap((phase) => phase.suites)
    .find((suite) => suite.name === name && isComparable(suite));
  // A repeat of the whole suite is such a run already; one of a few tests is not.
  const ran = name === cause.suite ? repeated.fix.findLast(({ narrowedTo }) => !narrowedTo) : undefined;
  const [after, reference] = await sideBySide(
    config,
    async () => ran ?? on('fix', deployed.fixUrls),
    async () => (ranOnBase ? null : on('reference', deployed.referenceUrls)),
  );
  const redBefore = reference ? reference.red.map((test) => test.id) : (ranOnBase?.tests ?? []).map((test) => test.id);
  const before = reference ? reference.counts : (ranOnBase?.counts ?? after.counts);
  const redAfter = after.red.map((test) => test.id);
  const evidence = [
    ...after.evidence.slice(0, 1),
    ...(reference?.evidence.slice(0, 1) ?? ranOnBase?.evidence.slice(0, 1) ?? []),
  ];
  const row = {
    suite: name,
    against: reference ? ('reference' as const) : ('base' as const),
    redBefore,
    redAfter,
    evidence,
  };
  const fixed = testsIn(name, cause.tests);
  const rules = withPipelineRules(config, parts.pipeline);
  // A broken run of the reference would excuse everything that is red with the fix.
  const blind = reference === null ? null : unsound(reference, rules);
  const worse = blind === null ? difference(after, rules, before.executed, { redBefore, redAfter, fixed }) : null;
  return { row, worse: blind === null ? worse : `nothing to hold it against: on the reference: ${blind}` };
}

/** Of a suite whose evidence does not hold, that was stopped or narrowed, nobody knows which tests were red before. */
function isComparable({ exitCode, verdict, partial, narrowedTo }: SuiteResult): boolean {
  return exitCode !== null && verdict !== 'INVALID' && !partial && narrowedTo === null;
}

function difference(
  after: SuiteAttempt,
  config: SuiteConfig,
  executedBefore: number,
  { redBefore, redAfter, fixed }: Record<'redBefore' | 'redAfter' | 'fixed', readonly string[]>,
): string | null {
  const because = unsound(after, config);
  if (because !== null) return because;
  // A cause may show in several suites; the repeats are of one of them.
  const left = fixed.filter((id) => !after.passed.includes(id));
  if (left.length > 0) return `not fixed: ${left.join(', ')}`;
  const news = redAfter.filter((id) => !redBefore.includes(id));
  if (news.length > 0) return `newly red: ${news.join(', ')}`;
  return after.counts.executed < executedBefore ? `${after.counts.executed} tests ran, ${executedBefore} before` : null;
}
