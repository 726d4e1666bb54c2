import { z } from 'zod';
import { ownHealth } from './health-rows.ts';
import type { Cause, ConditionResult, Health, SuiteResult } from './record.ts';

/** A limit on something measured. Law: without enough samples it is unproven, and unproven does not pass. */
export const Slo = z.strictObject({
  name: z.string().min(1),
  /** `requests`: of the suites, in the platform's log. `report`: durations or a property of the tests. `probe`: the health checks. */
  from: z.enum(['requests', 'report', 'probe']),
  /** `p50` and `p95` are milliseconds, `errorRate` is percent of 5xx; of a report also a property's name: its largest value. */
  metric: z.string().min(1),
  max: z.number().min(0),
  minSamples: z.int().min(1).default(20),
  /** Of one suite only; else of all in the phase. */
  suite: z.string().optional(),
  /** Only requests whose path begins so. */
  path: z.string().startsWith('/').optional(),
});
export type Slo = z.infer<typeof Slo>;

export const PhaseConditions = z.strictObject({
  /** Everything that the phase's suites talk to is healthy. */
  health: z.boolean().default(false),
  /** Nothing outside the services is known to be broken. */
  noEnvironmentCause: z.boolean().default(false),
  slo: z.array(Slo).default([]),
});
export type PhaseConditions = z.infer<typeof PhaseConditions>;

/** What was measured for one limit; null when there was nothing to measure. */
export interface Measured {
  readonly value: number | null;
  readonly n: number;
  readonly evidence: readonly string[];
}

interface Facts {
  readonly suites: readonly SuiteResult[];
  readonly health: readonly Health[];
  readonly causes: readonly Pick<Cause, 'class' | 'title'>[];
  readonly measured: ReadonlyMap<Slo, Measured>;
}

/** Each condition of a phase's gate: met, not met or unproven, with the number of samples behind it. */
export function judgeConditions(asked: PhaseConditions, facts: Facts): ConditionResult[] {
  return [
    ...(asked.health ? [healthy(facts)] : []),
    ...(asked.noEnvironmentCause ? [noEnvironmentCause(facts)] : []),
    ...asked.slo.map((slo) => withinLimit(slo, facts.measured.get(slo) ?? { value: null, n: 0, evidence: [] })),
  ];
}

function healthy({ suites, health }: Facts): ConditionResult {
  const used = new Map(suites.flatMap((suite) => Object.entries(suite.roles)));
  const rows = [...used].map(([service, role]) => ({ service, rows: ownHealth(health, service, role) }));
  const all = rows.flatMap((one) => one.rows);
  const [n, evidence] = [all.length, all.flatMap((one) => one.evidence)];
  const sick = all.find((one) => !one.ok);
  if (sick) return { text: `health: ${sick.service} is not healthy: ${sick.because}`, state: 'not-met', n, evidence };
  const unasked = rows.filter((one) => one.rows.length === 0).map((one) => one.service);
  if (n === 0 || unasked.length > 0)
    return { text: `health: nobody asked ${unasked.join(', ') || 'any service'}`, state: 'unproven', n, evidence };
  return { text: `health: all ${n} checks answered well`, state: 'met', n, evidence };
}

function noEnvironmentCause({ suites, health, causes }: Facts): ConditionResult {
  const rows = health.filter((one) => one.dependency !== null);
  const [n, evidence] = [health.length, rows.flatMap((one) => one.evidence)];
  const text = 'no environment cause';
  const blocked = suites.find((suite) => suite.verdict === 'BLOCKED');
  const down = rows.find((one) => !one.ok);
  const cause = causes.find((one) => one.class === 'environment');
  const because = [
    blocked && `suite ${blocked.name} is BLOCKED: ${blocked.invalidBecause.join('; ')}`,
    down && `${down.dependency} is down: ${down.because}`,
    cause && `found before: ${cause.title}`,
  ].find((one) => one !== undefined);
  if (because !== undefined) return { text: `${text}: ${because}`, state: 'not-met', n, evidence };
  if (n === 0) return { text: `${text}: nobody looked at the environment`, state: 'unproven', n, evidence };
  return { text: `${text}: none known after ${n} checks`, state: 'met', n, evidence };
}

function withinLimit(slo: Slo, { value, n, evidence }: Measured): ConditionResult {
  const unit = slo.metric === 'errorRate' ? ' %' : slo.metric === 'p50' || slo.metric === 'p95' ? ' ms' : '';
  const limit = `at most ${slo.max}${unit}`;
  const about = `${slo.name}: ${slo.metric} of ${slo.from}`;
  const known = { n, evidence: [...evidence] };
  if (value === null || n < slo.minSamples) {
    return {
      text: `${about}: ${n} samples, at least ${slo.minSamples} are needed (${limit})`,
      state: 'unproven',
      ...known,
    };
  }
  const text = `${about} is ${value}${unit} over ${n} samples, ${limit}`;
  return { text, state: value <= slo.max ? 'met' : 'not-met', ...known };
}
