import { canonicalJson, sha256 } from '../core/canonical-json.ts';
import type { Effect, Journal, StepResult } from '../ports/journal.ts';
import type { RunChange, RunStore } from '../ports/run-store.ts';

interface JournalParts {
  readonly store: RunStore;
  readonly run: string;
  readonly lease: string;
  readonly now: () => Date;
  /** The stage's: what was still going on when it was aborted proves nothing and is not stored. */
  readonly signal: AbortSignal;
  /** Called between the answer of a remote and our row; where the crash tests strike. */
  readonly afterAnswer: () => void;
}

/** What is already done, in the store. See the port for what a key promises. */
export function storeJournal(parts: JournalParts): Journal {
  const begin = async (key: string, input: unknown) => {
    const inputSha256 = sha256(canonicalJson(input ?? null));
    const known = await parts.store.step(parts.run, key);
    if (known && known.inputSha256 !== inputSha256) {
      throw new Error(`step ${key} came back with another input: keys must name what they do`);
    }
    if (known?.state === 'done') return { done: true, result: known.result, inputSha256 } as const;
    await commit(parts, { step: { key, state: 'intended', inputSha256 } });
    return { done: false, inputSha256 } as const;
  };
  const finish = async <T>(key: string, inputSha256: string, result: StepResult<T>) => {
    parts.signal.throwIfAborted();
    const step = { key, state: 'done', inputSha256 } as const;
    const stored = await commit(parts, { step, artifacts: result.artifacts, result: result.value });
    return stored.result as T;
  };
  return {
    async step<T>(key: string, input: unknown, work: () => Promise<StepResult<T>>): Promise<T> {
      const state = await begin(key, input);
      if (state.done) return state.result as T;
      return finish(key, state.inputSha256, await work());
    },
    async effect<T>(key: string, input: unknown, effect: Effect<T>): Promise<T> {
      const state = await begin(key, input);
      if (state.done) return state.result as T;
      const result = (await effect.find()) ?? (await effect.perform());
      parts.afterAnswer();
      return finish(key, state.inputSha256, result);
    },
  };
}

function commit(parts: JournalParts, change: Omit<RunChange, 'run' | 'lease' | 'at'>) {
  return parts.store.commit({ run: parts.run, lease: parts.lease, at: parts.now().toISOString(), ...change });
}
