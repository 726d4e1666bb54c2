import { z } from 'zod';

/** The verdict of a suite, a phase or a run. There are no other words: everything else is a reason under one of these. */
export const Verdict = z.enum(['GO', 'NO-GO', 'INVALID', 'BLOCKED']);
export type Verdict = z.infer<typeof Verdict>;

/** What `loop` may do to an environment, from nothing to moving traffic. */
export const Level = z.enum(['observe', 'report', 'propose', 'act']);
export type Level = z.infer<typeof Level>;

/** How far a deployment is proven. The furthest proven rung is the one that is reported. */
export const Rung = z.enum(['BUILT', 'REVISION_CREATED', 'READY', 'TRAFFIC', 'HEALTHY', 'STABLE']);
export type Rung = z.infer<typeof Rung>;

/** How a container failed to start. */
export const BootFailureClass = z.enum([
  'not-listening',
  'missing-module',
  'exit',
  'wrong-image',
  'out-of-memory',
  'not-executable',
  'unknown',
]);
export type BootFailureClass = z.infer<typeof BootFailureClass>;

export const Priority = z.enum(['P1', 'P2', 'P3', 'P4', 'P5', 'P6']);
export type Priority = z.infer<typeof Priority>;

export const CauseClass = z.enum(['product', 'test', 'environment', 'config', 'flaky']);
export type CauseClass = z.infer<typeof CauseClass>;

export const Role = z.enum(['stable', 'candidate']);
export type Role = z.infer<typeof Role>;

/** What the control run says: law 8's two by two table, read. */
export const ControlMeaning = z.enum(['revision', 'environment-or-older', 'flaky', 'not-reproduced', 'impossible']);
export type ControlMeaning = z.infer<typeof ControlMeaning>;

export const FixOutcome = z.enum([
  'fixed',
  'no-op',
  'blocked',
  'out-of-scope',
  'weakened-tests',
  'agent-error',
  'timeout',
  'budget',
]);
export type FixOutcome = z.infer<typeof FixOutcome>;

export const DeployMode = z.enum(['auto', 'always', 'never']);
export type DeployMode = z.infer<typeof DeployMode>;

const levels = Level.options;

/** Whether `level` allows what needs at least `needed`. */
export function allows(level: Level, needed: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(needed);
}
