import type { Result } from '../core/result.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { Stages } from '../ports/stage.ts';
import type { ProcessGroup } from '../ports/tester.ts';
import type { OpenGroups } from './open-groups.ts';
import type { RunPlan } from './run-plan.ts';

/** What is wired together for one run. */
export interface Composition {
  readonly stages: Stages;
  /** Takes every known secret out of a text. */
  readonly redact: (text: string) => string;
  /** Ends what a crashed run left. */
  reap(group: ProcessGroup): Promise<boolean>;
  close(): Promise<void>;
}

interface CompositionRequest {
  readonly run: string;
  readonly plan: RunPlan;
  readonly store: RunStore;
  readonly groups: OpenGroups;
  readonly signal: AbortSignal;
  /** A line for people while something takes its time. */
  readonly say: (line: string) => void;
}

/** Wires stages to providers. Starts and seeds the embedded environment where the config asks for it; fails with a value. */
export type Compose = (request: CompositionRequest) => Promise<Result<Composition>>;
