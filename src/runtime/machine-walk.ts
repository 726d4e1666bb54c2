import type { StageName, StageTask } from '../core/loop-context.ts';
import {
  type Answer,
  endOf,
  outputOf,
  readStory,
  type StoryWord,
  splitCommandLine,
  usualAnswer,
} from '../core/machine-story.ts';
import type { Verdict } from '../core/words.ts';
import {
  firstSnapshot,
  type LoopSnapshot,
  type MachineEvent,
  nextSnapshot,
  pendingTask,
  persisted,
  restored,
} from './machine-driver.ts';

/** A run told to the machine, for its tests. After every step the process dies: only what the store would hold goes on. */
export class MachineWalk {
  readonly path: string[] = [];
  readonly words: readonly StoryWord[];
  private readonly phases: number;
  private verdict: Verdict | null = null;
  snapshot: LoopSnapshot;

  constructor(line: string) {
    const { options, phases, words } = splitCommandLine(line);
    this.phases = phases;
    this.words = readStory(words);
    this.snapshot = crashed(firstSnapshot(options));
    this.path.push(String(this.snapshot.value));
  }

  get task(): StageTask | null {
    return pendingTask(this.snapshot);
  }

  /** The end of the stage's work, or what comes between. */
  happens(what: StoryWord['what']): void {
    const { task } = this;
    if (typeof what !== 'string') this.answer(what);
    else if (what === 'broke' && task) this.send({ type: 'stageBroke', stage: task.stage, message: 'a bug of ours' });
    else if (what === 'ctrl-c') this.snapshot = crashed(this.snapshot);
    else if (what !== 'broke') this.send({ type: what });
  }

  /** Answers with what is usual until this stage works, a person is asked, or the run is at its end. */
  until(stage: StageName | null): void {
    for (let task = this.task; task && task.stage !== stage; task = this.task) {
      const usual = usualAnswer(task.stage);
      if (!usual) return;
      this.answer(usual);
    }
  }

  private answer(answer: Answer): void {
    const { task } = this;
    if (!task) throw new Error(`no stage waits for an answer after ${this.path.join(' ')}`);
    const again = 'foreign' in answer.facts && answer.facts.foreign && this.snapshot.context.foreignSeen > 0;
    // A budget for flaky tests that saves a phase takes its red back.
    const before = 'gate' in answer.facts && isSaved(answer.facts.gate, task.stage) ? null : this.verdict;
    this.verdict = again ? 'INVALID' : worse(before, answer.verdict);
    this.send({ type: 'stageDone', output: outputOf(task, answer, this.verdict, this.phases) });
  }

  private send(event: MachineEvent): void {
    if (event.type === 'expire') this.verdict = worse(this.verdict, 'INVALID');
    const before = JSON.stringify(persisted(this.snapshot));
    this.snapshot = crashed(nextSnapshot(this.snapshot, event));
    // An event that the state does not know leaves everything as it was.
    if (JSON.stringify(persisted(this.snapshot)) === before) return;
    this.path.push(String(this.snapshot.value));
    if (this.snapshot.value === 'checkingRevisions') this.verdict = null;
  }
}

/** Tells a line as far as it goes; what it leaves out after its last word is left to be answered. */
export function told(line: string): MachineWalk {
  const walk = new MachineWalk(line);
  for (const { stage, what } of walk.words) {
    walk.until(stage);
    const works = walk.task?.stage ?? null;
    if (works !== stage) throw new Error(`"${line}" is at ${works} after ${walk.path.join(' ')}, not at ${stage}`);
    walk.happens(what);
  }
  return walk;
}

/** The whole story: every state on its way, and what the run is worth in the end. */
export function tell(line: string): string {
  const walk = told(line);
  walk.until(null);
  return `${walk.path.join(' ')} -> ${endOf(walk.snapshot.context)}`;
}

/** Writes the snapshot down, forgets the process, and reads it again. */
function crashed(snapshot: LoopSnapshot): LoopSnapshot {
  const back = restored(JSON.parse(JSON.stringify(persisted(snapshot))));
  const [was, is] = [snapshot, back].map((one) => JSON.stringify([one.value, one.context, pendingTask(one)]));
  if (was !== is) throw new Error(`a restored snapshot differs: ${was} became ${is}`);
  return back;
}

function isSaved(gate: string, stage: StageName): boolean {
  return stage === 'controlling' && gate !== 'not-met';
}

/** The precedence of the record's verdict. */
function worse(one: Verdict | null, other: Verdict | undefined): Verdict | null {
  const order = [undefined, null, 'GO', 'INVALID', 'NO-GO', 'BLOCKED'];
  return order.indexOf(one) > order.indexOf(other) ? one : (other ?? null);
}
