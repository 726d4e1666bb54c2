import { percent } from '../core/judge-phase.ts';
import { textTable } from '../outputs/views/text-table.ts';
import type { RunPlan } from '../runtime/run-plan.ts';

/** `loop --list`: phases and suites, why each runs or not, and what they are measured against. */
export function planView({ environment, pipeline, selection, options }: RunPlan): string {
  const head = ['PHASE', 'SUITE', 'RUNS', 'SERVICE', 'PRIORITY', 'GATE', 'TESTS', 'FOCUS', 'WHY'];
  const rows = selection.suites.map(({ name, phase, selected, because }) => {
    const suite = pipeline.suites[name];
    const { service = '', priority = 'P3', testsMin, focus = [] } = suite ?? {};
    const threshold = typeof suite?.gate === 'number' ? suite.gate : pipeline.gates[priority];
    const phaseGate = pipeline.phases.find((one) => one.name === phase)?.gate;
    const gate =
      suite?.gate === 'phase' && phaseGate !== undefined ? `phase ${percent(phaseGate)}` : percent(threshold);
    const tests = testsMin === undefined ? 'as last time' : `at least ${testsMin}`;
    return [phase, name, selected ? 'yes' : 'no', service, priority, gate, tests, focus.join(' '), because];
  });
  const about = [
    ['environment', `${environment.environment}, level ${options.level}`],
    ['pipeline', `${pipeline.pipeline}, deploy ${options.deploy}`],
    ['services', Object.keys(environment.services).join(', ')],
    ['control', `${pipeline.control.repeats} repeats a side`],
    [
      'proof',
      `at least ${pipeline.proof.repeats} failing repeats on the base, at most ${pipeline.proof.passesMax} passes on the fix`,
    ],
  ];
  return `${textTable(about)}\n\n${textTable([head, ...rows])}\n`;
}
