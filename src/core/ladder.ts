import type { Deployment } from './record.ts';
import { Rung } from './words.ts';

/** What is known about one rung: proven or not, in one sentence with its facts. */
export interface RungFact {
  readonly rung: Rung;
  readonly proven: boolean;
  readonly because: string;
  readonly evidence: readonly string[];
}

type Climbed = Pick<Deployment, 'rungs' | 'rung' | 'notProven'>;

/**
 * The ladder with these facts on it. They replace what was said about their rungs and all rungs above; a rung counts only where
 * the one below it is proven, whatever its own fact says. The first one that is not proven says why.
 */
export function climb(before: Climbed, facts: readonly RungFact[]): Climbed {
  const from = Math.min(...facts.map(({ rung }) => heightOf(rung)));
  const kept = before.rungs.filter(({ rung }) => heightOf(rung) < from);
  const rungs: Deployment['rungs'] = [...kept];
  for (const rung of Rung.options.slice(kept.length)) {
    const fact = facts.find((one) => one.rung === rung);
    if (fact === undefined) return ended(rungs, before.notProven?.rung === rung ? before.notProven : null);
    if (!fact.proven) return ended(rungs, { rung, because: fact.because });
    rungs.push({ rung, because: fact.because, evidence: [...fact.evidence] });
  }
  return ended(rungs, null);
}

function ended(rungs: Deployment['rungs'], notProven: Deployment['notProven']): Climbed {
  return { rungs, rung: rungs.at(-1)?.rung ?? null, notProven };
}

function heightOf(rung: Rung): number {
  return Rung.options.indexOf(rung);
}
