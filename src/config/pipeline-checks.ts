import { Cron } from 'croner';
import { checkCollect } from './collect-checks.ts';
import { checkConditions } from './condition-checks.ts';
import type { EnvironmentConfig } from './environment.ts';
import { checkExcuses } from './excuse-checks.ts';
import type { Finding } from './finding.ts';
import { checkCovers, checkReserved } from './focus-checks.ts';
import { nameable } from './health-checks.ts';
import { checkHosts } from './host-checks.ts';
import { hintFor, listed } from './nearest.ts';
import { type PipelineConfig, type SuiteConfig, titlePlaceholders } from './pipeline.ts';
import { checkSelectAndSplit } from './split-checks.ts';

/** What a schema cannot see: names that must exist elsewhere, suites in exactly one phase, a schedule that can come true. */
export function checkPipeline(
  pipeline: PipelineConfig,
  environment?: Pick<EnvironmentConfig, 'services' | 'dependencies'>,
  today?: string,
): Finding[] {
  return [
    ...checkExcuses(pipeline, today),
    ...checkPhases(pipeline),
    ...checkPlacement(pipeline),
    ...checkConditions(pipeline),
    ...Object.entries(pipeline.suites).flatMap(([name, suite]) => [
      ...checkSuite(pipeline, name, suite),
      ...checkSelectAndSplit(name, suite),
      ...(environment === undefined
        ? []
        : [...checkServices(name, suite, environment), ...checkHosts(pipeline, name, suite, environment)]),
    ]),
    ...checkSteps(pipeline.traffic.steps),
    ...checkDeploy(pipeline),
    ...checkTitle(pipeline.publish.title),
    ...(pipeline.schedule === undefined ? [] : checkSchedule(pipeline.schedule)),
  ];
}

function checkPhases({ phases, suites }: PipelineConfig): Finding[] {
  const known = Object.keys(suites);
  return phases.flatMap((phase, index) => [
    ...(phases.findIndex(({ name }) => name === phase.name) < index
      ? [wrong(['phases', index, 'name'], `a phase "${phase.name}" is there already`)]
      : []),
    ...phase.suites.flatMap((suite, at) =>
      Object.hasOwn(suites, suite)
        ? []
        : [wrong(['phases', index, 'suites', at], `unknown suite "${suite}"`, hintFor(suite, known, 'suites'))],
    ),
  ]);
}

/** A suite in no phase would never run; a suite in two would be counted twice. */
function checkPlacement({ phases, suites }: PipelineConfig): Finding[] {
  const phaseOf = new Map<string, string>();
  const twice: Finding[] = [];
  for (const [index, phase] of phases.entries()) {
    for (const [at, suite] of phase.suites.entries()) {
      const first = phaseOf.get(suite);
      const path = ['phases', index, 'suites', at];
      if (first === undefined) phaseOf.set(suite, phase.name);
      else twice.push(wrong(path, `the suite "${suite}" is in phase ${first} already`, 'keep it in one phase'));
    }
  }
  const hint = `add it to one of the phases: ${listed(phases.map(({ name }) => name))}`;
  const nowhere = Object.keys(suites).filter((name) => !phaseOf.has(name));
  return [
    ...twice,
    ...nowhere.map(
      (name): Finding => ({ path: ['suites', name], at: 'key', message: 'the suite is in no phase', hint }),
    ),
  ];
}

function checkSuite({ phases }: PipelineConfig, name: string, suite: SuiteConfig): Finding[] {
  const phase = phases.find(({ suites }) => suites.includes(name));
  const findings: Finding[] = [];
  if (suite.gate === 'phase' && phase !== undefined && phase.gate === undefined) {
    const hint = 'give the phase a gate, or the suite its own';
    findings.push(wrong(['suites', name, 'gate'], `the phase ${phase.name} has no gate`, hint));
  }
  if (typeof suite.run === 'string' && !suite.shell) {
    const hint = 'write [node, --test, …], or set shell: true';
    findings.push(wrong(['suites', name, 'run'], 'expected a list of words, since no shell reads it', hint));
  }
  if (typeof suite.run !== 'string' && suite.shell) {
    findings.push(wrong(['suites', name, 'run'], 'expected one line of text, since shell is true'));
  }
  const { stream } = suite.report;
  if (stream !== undefined && (stream.startsWith('/') || stream.split('/').includes('..'))) {
    const hint = 'the runner writes it to $LOOP_REPORT, as it does the report';
    findings.push(wrong(['suites', name, 'report', 'stream'], 'expected a file below the report folder', hint));
  }
  if (suite.testTimeoutSeconds !== undefined && suite.testTimeoutSeconds >= suite.timeoutSeconds) {
    const message = `a test may run for ${suite.testTimeoutSeconds} s, but its whole suite for ${suite.timeoutSeconds} s`;
    findings.push(wrong(['suites', name, 'testTimeoutSeconds'], message, 'make it less than timeoutSeconds'));
  }
  findings.push(...checkReserved(name, suite), ...checkCovers(name, suite), ...checkCollect(name, suite));
  return findings;
}

/** A suite tests a service; what it needs besides may be a dependency too. */
function checkServices(
  name: string,
  { service, needs }: SuiteConfig,
  environment: Pick<EnvironmentConfig, 'services' | 'dependencies'>,
): Finding[] {
  const services = Object.keys(environment.services);
  const { known, noun, plural } = nameable(environment);
  const unknown = services.includes(service)
    ? []
    : [wrong(['suites', name, 'service'], `unknown service "${service}"`, hintFor(service, services, 'services'))];
  const needed = needs.flatMap((word, index) =>
    known.includes(word)
      ? []
      : [wrong(['suites', name, 'needs', index], `unknown ${noun} "${word}"`, hintFor(word, known, plural))],
  );
  return [...unknown, ...needed];
}

function checkSteps(steps: readonly number[]): Finding[] {
  const path = ['traffic', 'steps'];
  const hint = 'write them as they follow each other, the last one 100: [10, 50, 100]';
  const falling = steps.findIndex((step, index) => index > 0 && step <= (steps[index - 1] ?? 0));
  if (falling > 0) return [wrong([...path, falling], 'a step must be more than the one before it', hint)];
  return steps.at(-1) === 100 ? [] : [wrong([...path, steps.length - 1], 'the last step must be 100', hint)];
}

function checkDeploy({ deploy }: PipelineConfig): Finding[] {
  if (deploy.how !== 'command' && deploy.command !== undefined) {
    return [wrong(['deploy', 'command'], `how: ${deploy.how} runs no command`, 'set how: command, or take it away')];
  }
  if (deploy.how !== 'command' || deploy.command !== undefined) return [];
  const hint = 'add command: { run: [./deploy.sh, $LOOP_SERVICE] } beside it';
  return [wrong(['deploy', 'how'], 'how: command needs deploy.command, and there is none', hint)];
}

function checkTitle(title: string): Finding[] {
  const path = ['publish', 'title'];
  const known: readonly string[] = titlePlaceholders;
  return (title.match(/\{[^}]*\}?/g) ?? [])
    .map((text) => text.replaceAll(/[{}]/g, ''))
    .filter((word) => !known.includes(word))
    .map((word) => wrong(path, `unknown placeholder {${word}}`, hintFor(word, known, 'placeholders')));
}

function checkSchedule(schedule: string): Finding[] {
  const path = ['schedule'];
  const hint = 'minute hour day month weekday, in UTC: "30 2 * * *" is every night at 02:30';
  if (!/^\S+( +\S+){4}$/.test(schedule.trim())) return [wrong(path, 'expected a cron expression of five fields', hint)];
  try {
    const comes = new Cron(schedule, { timezone: 'UTC', paused: true }).nextRun(new Date(0));
    return comes === null ? [wrong(path, 'no such day ever comes', hint)] : [];
  } catch {
    return [wrong(path, `not a cron expression: ${JSON.stringify(schedule)}`, hint)];
  }
}

function wrong(path: Finding['path'], message: string, hint?: string): Finding {
  return hint === undefined ? { path, at: 'value', message } : { path, at: 'value', message, hint };
}
