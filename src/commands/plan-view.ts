import type { SuiteConfig } from '../config/pipeline.ts';
import { selectionRecord } from '../config/selection-record.ts';
import { thresholdsSha256 } from '../config/thresholds.ts';
import { counted } from '../core/count-words.ts';
import { percent } from '../core/judge-phase.ts';
import { textTable } from '../outputs/views/text-table.ts';
import type { RunPlan } from '../runtime/run-plan.ts';

const testsShown = 10;
const pathsShown = 5;

type ListedSuite = RunPlan['selection']['suites'][number];

/** `loop --list`: phases and suites, why each runs or not, and what they are measured against. */
export function planView(plan: RunPlan): string {
  const { environment, pipeline, selection, options } = plan;
  const about = [
    ['environment', `${environment.environment}, level ${options.level}`],
    ['pipeline', `${pipeline.pipeline}, deploy ${options.deploy}`],
    ['services', Object.keys(environment.services).join(', ')],
    ['control', `${pipeline.control.repeats} repeats a side`],
    [
      'proof',
      `at least ${pipeline.proof.repeats} failing repeats on the base, at most ${pipeline.proof.passesMax} passes on the fix`,
    ],
    ...changedRows(selection.impact),
  ];
  const head = ['PHASE', 'SUITE', 'RUNS', 'SERVICE', 'PRIORITY', 'GATE', 'TESTS', 'HOW', 'FOCUS'];
  const suites = withoutBlank([head, ...selection.suites.map((suite) => suiteRow(suite, plan))]);
  const whys = [['SUITE', 'WHY'], ...selection.suites.flatMap((suite) => whyRows(suite, plan))];
  return `${[about, suites, whys].map(textTable).join('\n\n')}\n`;
}

/** `loop --list --json`: the selection as the record would have it, and what its suites would be measured against. */
export function planJson({ environment, pipeline, selection, options }: RunPlan): object {
  const { evidence: _, ...selected } = selectionRecord(selection);
  const about = { environment: environment.environment, pipeline: pipeline.pipeline, level: options.level };
  return { ...about, deploy: options.deploy, selection: selected, thresholdsSha256: thresholdsSha256(pipeline) };
}

function suiteRow({ name, phase, selected, order, tests }: ListedSuite, { pipeline, selection }: RunPlan): string[] {
  const suite = pipeline.suites[name];
  const { service = '', priority = 'P3', testsMin, focus = [] } = suite ?? {};
  const threshold = typeof suite?.gate === 'number' ? suite.gate : pipeline.gates[priority];
  const phaseGate = pipeline.phases.find((one) => one.name === phase)?.gate;
  const gate = suite?.gate === 'phase' && phaseGate !== undefined ? `phase ${percent(phaseGate)}` : percent(threshold);
  const beside = besideIn(phase, selection);
  const runs = order === null ? (selected ? 'yes' : 'no') : `${order.place} of ${beside}`;
  const least = testsMin === undefined ? 'as last time' : `at least ${testsMin}`;
  const floor = tests === null ? least : `only ${tests.length}`;
  return [phase, name, runs, service, priority, gate, floor, marksOf(suite).join(' '), focus.join(' ')];
}

/** How its runner can be talked to, and whether it wants to be alone. */
function marksOf(suite: SuiteConfig | undefined): string[] {
  const marks = ['select', 'collect', 'split'] as const;
  return [...marks.filter((mark) => suite?.[mark] !== undefined), ...(suite?.exclusive === true ? ['exclusive'] : [])];
}

/** Without the columns that hold a title and nothing else. */
function withoutBlank(rows: readonly (readonly string[])[]): string[][] {
  return rows.map((row) => row.filter((_, index) => rows.slice(1).some((one) => (one[index] ?? '') !== '')));
}

function besideIn(phase: string, { suites }: RunPlan['selection']): number {
  return suites.filter((one) => one.phase === phase && one.selected).length;
}

function whyRows({ name, phase, because, order, tests }: ListedSuite, { selection }: RunPlan): string[][] {
  const reasons = new Set(selection.suites.flatMap((one) => (one.phase === phase ? (one.order?.because ?? []) : [])));
  // One reason for all of the phase tells nothing.
  const ordered = order !== null && reasons.size > 1;
  const shown = (tests ?? []).slice(0, testsShown);
  const more = (tests ?? []).length - shown.length;
  const lines = [
    because,
    ...(ordered ? [`order: ${order.because}`] : []),
    ...shown.map((test) => `only: ${test}`),
    ...(more > 0 ? [`only: ${counted(more, 'more test')}, all with --json`] : []),
  ];
  return lines.map((line, index) => [index === 0 ? name : '', line]);
}

function changedRows(impact: RunPlan['selection']['impact']): string[][] {
  if (impact === null) return [];
  if (impact.unknown !== null) return [['changed', `not known: ${impact.unknown}`]];
  const all = impact.paths.length + impact.more;
  const shown = impact.paths.slice(0, pathsShown);
  const left = all - shown.length;
  const commits = [...new Set(Object.values(impact.from))].map((commit) => commit?.slice(0, 12) ?? 'unknown');
  const list = all === 0 ? '' : `: ${shown.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
  const between = `between ${commits.join(', ')}, which serve${commits.length === 1 ? 's' : ''}, and HEAD ${impact.to?.slice(0, 12)}`;
  const uncovered = impact.uncovered === 0 ? '' : `; no suite covers ${impact.uncovered} of them`;
  return [['changed', `${counted(all, 'path')} ${between}${list}${uncovered}`]];
}
