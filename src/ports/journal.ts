import type { StoredArtifact } from './artifacts.ts';

/**
 * What is already done. Keys are `cycle/stage/item[/attempt]`, unique in a run; a key that comes back with another input is a bug and throws.
 * `step` is for reads and local work: when it was done before, its stored result comes back and `work` is not called.
 * `effect` is for calls that change the world outside: the intent is stored first, then `find` looks the key up at the other end,
 * and only when nothing is there `perform` is called. At-least-once towards the outside, made single by the look-up.
 * Results must be plain JSON.
 */
export interface Journal {
  step<T>(key: string, input: unknown, work: () => Promise<StepResult<T>>): Promise<T>;
  effect<T>(key: string, input: unknown, effect: Effect<T>): Promise<T>;
}

/** A result and the artefacts that prove it. Evidence ids are given in the transaction that stores the result. */
export interface StepResult<T> {
  readonly artifacts: readonly StoredArtifact[];
  /** Called with one evidence id for each artefact, in order. */
  readonly value: (evidence: readonly string[]) => T;
}

export interface Effect<T> {
  /** Looks the key up at the other end; null when it is not there. */
  readonly find: () => Promise<StepResult<T> | null>;
  readonly perform: () => Promise<StepResult<T>>;
}

/** A result that needs no artefact of its own. */
export function plain<T>(value: T): StepResult<T> {
  return { artifacts: [], value: () => value };
}

/** A result proven by one artefact. */
export function proven<T>(artifact: StoredArtifact, value: (evidence: string) => T): StepResult<T> {
  return { artifacts: [artifact], value: ([evidence]) => value(evidence as string) };
}
