import { createActor, initialTransition, type SnapshotFrom, transition } from 'xstate';
import { canonicalJson, sha256 } from '../core/canonical-json.ts';
import type { LoopEvent, LoopOptions, StageName, StageOutput, StageTask } from '../core/loop-context.ts';
import { loopMachine, machineVersion } from '../core/machine.ts';

export type LoopSnapshot = SnapshotFrom<typeof loopMachine>;

/** What moves the machine: a person's or the clock's word, or the end of a stage. Plain JSON, so that it can be journalled. */
export type MachineEvent =
  | LoopEvent
  | { type: 'stageDone'; output: StageOutput }
  | { type: 'stageBroke'; stage: StageName; message: string };

/** Names the machine that wrote a snapshot; another one does not trust it and walks the journal instead. */
export const machineStamp = `${machineVersion}-${sha256(canonicalJson(JSON.parse(JSON.stringify(loopMachine.config.states)))).slice(0, 12)}`;

export function firstSnapshot(options: LoopOptions): LoopSnapshot {
  return initialTransition(loopMachine, options)[0];
}

/** The pure step: nothing is started by it. An event that the state does not know leaves the snapshot as it is. */
export function nextSnapshot(snapshot: LoopSnapshot, event: MachineEvent): LoopSnapshot {
  return transition(loopMachine, snapshot, asActorEvent(event))[0];
}

export function knows(snapshot: LoopSnapshot, event: LoopEvent): boolean {
  return snapshot.can(event);
}

export function persisted(snapshot: LoopSnapshot): unknown {
  return loopMachine.getPersistedSnapshot(snapshot);
}

export function restored(stored: unknown): LoopSnapshot {
  return createActor(loopMachine, { snapshot: stored as never, input: undefined as never }).getSnapshot();
}

/** The stage that a snapshot waits for, with the task it was given when the state was entered; null when it waits for a person or is done. */
export function pendingTask(snapshot: LoopSnapshot): StageTask | null {
  const { children } = persisted(snapshot) as {
    children: Record<string, { snapshot: { input?: StageTask } } | undefined>;
  };
  const [child] = Object.values(children);
  return child?.snapshot.input ?? null;
}

function asActorEvent(event: MachineEvent): never {
  if (event.type === 'stageDone') {
    return {
      type: `xstate.done.actor.${event.output.stage}`,
      output: event.output,
      actorId: event.output.stage,
    } as never;
  }
  if (event.type === 'stageBroke') {
    return {
      type: `xstate.error.actor.${event.stage}`,
      error: { message: event.message },
      actorId: event.stage,
    } as never;
  }
  return event as never;
}
