import { expect, test } from 'vitest';
import {
  firstSnapshot,
  knows,
  type LoopSnapshot,
  nextSnapshot,
  pendingTask,
  persisted,
  restored,
} from '../runtime/machine-driver.ts';
import type { LoopContext, LoopOptions, StageName, StageTask } from './loop-context.ts';
import { type Answer, answersOf, optionsWith, outputOf } from './machine-story.ts';
import { allows, DeployMode, Level, type Verdict } from './words.ts';

const runs = 250;
const stepsMax = 1_000;
const visitsPossible = 110;

type Random = () => number;

/** Mulberry32: the same seed tells the same story again. */
function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

function randomOptions(random: Random): LoopOptions {
  const chance = (share: number) => random() < share;
  return optionsWith({
    dryRun: chance(0.1),
    level: pick(random, chance(0.6) ? ['act'] : Level.options),
    deploy: pick(random, DeployMode.options),
    allSelected: chance(0.7),
    servesUnproven: chance(0.4),
    override: chance(0.2),
    cycles: pick(random, [1, 1, 2, 3]),
    untilGreen: chance(0.2),
    approve: chance(0.4) ? [pick(random, ['fix', 'pull', 'traffic'])] : [],
  });
}

/** What the stages and people of a real run are bounded by: causes, fixes for each, a person's patience, the time. */
interface Patience {
  rounds: number;
  questions: number;
  rests: number;
}

function answer(task: StageTask, patience: Patience, random: Random): Answer {
  const answers = answersOf(task.stage);
  if (task.stage !== 'publishing' && task.stage !== 'deciding') return pick(random, answers);
  patience.rounds -= 1;
  return patience.rounds > 0 ? pick(random, answers) : (answers[0] as Answer);
}

function step(snapshot: LoopSnapshot, patience: Patience, random: Random): LoopSnapshot {
  const task = pendingTask(snapshot);
  if (!task) {
    patience.questions -= 1;
    const words = ['approve', 'approve', 'reject', 'approvalExpired', 'cancel'] as const;
    return nextSnapshot(snapshot, { type: patience.questions > 0 ? pick(random, words) : 'reject' });
  }
  if (task.stage === 'resting') patience.rests -= 1;
  const timeIsUp = snapshot.context.expired || random() < 0.02 || patience.rests < 0;
  if (timeIsUp && knows(snapshot, { type: 'expire' })) return nextSnapshot(snapshot, { type: 'expire' });
  if (random() < 0.01) return nextSnapshot(snapshot, { type: 'cancel' });
  if (random() < 0.02) return nextSnapshot(snapshot, { type: 'stageBroke', stage: task.stage, message: 'a bug' });
  const said = answer(task, patience, random);
  const verdict: Verdict | null = said.verdict ?? snapshot.context.verdict;
  return nextSnapshot(snapshot, { type: 'stageDone', output: outputOf(task, said, verdict, 3) });
}

const afterCancel: readonly StageName[] = ['reverting', 'rollingBack', 'recording'];

/** The promises that hold whatever the stages say: the laws that the machine alone can keep. */
const laws: readonly [law: string, broken: (stage: StageName, context: LoopContext) => boolean][] = [
  ['a partial focus never moves traffic forward', (stage, c) => stage === 'promoting' && !c.options.allSelected],
  ['only a GO gets traffic', (stage, c) => stage === 'promoting' && c.verdict !== 'GO'],
  ['traffic moves at level act only', (stage, c) => stage === 'promoting' && !allows(c.options.level, 'act')],
  [
    'a dry run does nothing',
    (stage, c) => c.options.dryRun && !['preparing', 'checkingRevisions', 'recording'].includes(stage),
  ],
  ['--deploy never deploys nothing', (stage, c) => stage === 'deploying' && c.options.deploy === 'never'],
  ['after a cancel only tidying up', (stage, c) => c.cancelled && !afterCancel.includes(stage)],
  ['no fix after the time is up', (stage, c) => c.expired && ['fixing', 'auditing', 'proving'].includes(stage)],
  ['no fix after a bug of ours', (stage, c) => c.broken !== null && stage === 'fixing'],
  [
    'what is asked for waits for its answer',
    (stage, c) => stage === 'fixing' && c.options.approve.includes('fix') && !c.approved.includes('fix'),
  ],
];

/** Walks one random run to its end; what it finds wrong, in words. */
function wrongIn(seed: number): string[] {
  const random = randomFrom(seed);
  const patience = { rounds: 12, questions: 6, rests: 3 };
  const wrong: string[] = [];
  const keys = new Set<string>();
  let snapshot = firstSnapshot(randomOptions(random));
  let last = '';
  for (let steps = 0; snapshot.status === 'active' && steps < stepsMax; steps += 1) {
    const task = pendingTask(snapshot);
    const now = JSON.stringify(persisted(snapshot));
    // An event that a state does not know leaves it as it was: the same task is then asked for again.
    if (task && now !== last) wrong.push(...wrongWith(task, snapshot.context, keys));
    last = now;
    snapshot = restored(JSON.parse(JSON.stringify(persisted(step(snapshot, patience, random)))));
  }
  if (snapshot.value !== 'finished') wrong.push(`it is still at ${snapshot.value}`);
  return wrong.map((what) => `seed ${seed}: ${what}`);
}

function wrongWith(task: StageTask, context: LoopContext, keys: Set<string>): string[] {
  const key = `${task.cycle}/${task.stage}/${task.visit}`;
  const twice = keys.has(key) ? [`${key} came twice`] : [];
  keys.add(key);
  const broken = laws.filter(([, isBroken]) => isBroken(task.stage, context)).map(([law]) => `${law}: ${task.stage}`);
  return [...twice, ...broken];
}

test(`${runs} random runs end, keep the laws, and never give two steps one key`, () => {
  expect(Array.from({ length: runs }, (_, index) => wrongIn(index + 1)).flat()).toEqual([]);
});

test.each([
  ['a fixer that never gets anywhere', { fixing: 1, deciding: 1 }],
  ['a proof that never holds', { proving: 1, deciding: 1 }],
  ['a cause that is never handled', { publishing: 1, deciding: 2 }],
])('%s does not keep the run for ever', (_story, chosen: Partial<Record<StageName, number>>) => {
  let snapshot = firstSnapshot(optionsWith({}));
  for (let task = pendingTask(snapshot); task; task = pendingTask(snapshot)) {
    const said = task.stage === 'testing' ? answersOf('testing')[2] : answersOf(task.stage)[chosen[task.stage] ?? 0];
    const verdict = said?.verdict ?? snapshot.context.verdict;
    snapshot = nextSnapshot(snapshot, { type: 'stageDone', output: outputOf(task, said as Answer, verdict, 1) });
    expect(task.visit).toBeLessThanOrEqual(visitsPossible);
  }
  expect(snapshot.value).toBe('finished');
});
