import { describe, expect, test } from 'vitest';
import { type MachineWalk, told } from '../runtime/machine-walk.ts';
import { type StageName, stageNames } from './loop-context.ts';
import { type Answer, answersOf, type StoryWord } from './machine-story.ts';

const end = 'publishing recording finished';
const issue = `readingLogs diagnosing deciding ${end}`;
const red = 'test:red control:red';

/** The way to each stage. */
const ways: Record<StageName, string> = {
  preparing: '',
  checkingRevisions: '',
  deploying: '',
  checkingHealth: '',
  testing: '',
  controlling: 'test:red',
  rollingBack: 'test:red control:bad-with-traffic',
  readingLogs: red,
  promoting: 'test:met logs:move',
  diagnosing: red,
  deciding: red,
  fixing: `${red} decide:fix`,
  auditing: `${red} decide:fix fix:fixed`,
  proving: `${red} decide:fix fix:fixed`,
  reverting: `${red} decide:fix fix:no-op`,
  publishing: `${red} decide:issue`,
  recording: 'test:met',
  resting: '--cycles=2 test:met',
  revalidating: `--approve=fix ${red} decide:fix approve`,
};

function at(stage: StageName): MachineWalk {
  const walk = told(ways[stage]);
  walk.until(stage);
  expect(walk.task?.stage).toBe(stage);
  return walk;
}

/** What follows when something comes in between while this stage works, each later stage saying the first of its answers. */
function afterwards(stage: StageName, what: StoryWord['what']): string {
  const walk = at(stage);
  const before = walk.path.length;
  walk.happens(what);
  for (let task = walk.task; task; task = walk.task) walk.happens(answersOf(task.stage)[0] as Answer);
  const { expired, cancelled, broken } = walk.snapshot.context;
  const mark = expired
    ? 'expired'
    : cancelled
      ? 'cancelled'
      : broken
        ? `broke in ${broken.stage}`
        : 'as if nothing was';
  return `${walk.path.slice(before).join(' ')} (${mark})`;
}

const stop = 'recording finished';
/** For each stage: where the used-up budget leads, where a person's cancel, and where a bug of ours. Null: it does not know that word. */
const disturbed: Record<StageName, [expire: string | null, cancel: string | null, broke: string]> = {
  preparing: [end, stop, stop],
  checkingRevisions: [end, stop, stop],
  deploying: [`reverting ${end}`, `reverting ${stop}`, stop],
  checkingHealth: [end, stop, stop],
  testing: [end, stop, stop],
  controlling: [end, stop, stop],
  rollingBack: [null, stop, issue],
  readingLogs: [end, stop, stop],
  promoting: [`rollingBack ${end}`, `rollingBack ${stop}`, `rollingBack diagnosing deciding ${end}`],
  diagnosing: [end, stop, stop],
  deciding: [end, stop, stop],
  fixing: [`reverting ${end}`, `reverting ${stop}`, `reverting ${end}`],
  auditing: [`reverting ${end}`, `reverting ${stop}`, `reverting ${end}`],
  proving: [`reverting ${end}`, `reverting ${stop}`, `reverting ${end}`],
  reverting: [null, stop, end],
  publishing: [null, stop, stop],
  recording: [null, null, 'finished'],
  resting: ['finished', 'finished', 'finished'],
  revalidating: [null, `reverting ${stop}`, stop],
};

describe('while a stage works', () => {
  test.each(stageNames)('%s: the budget is used up', (stage) => {
    const [expire] = disturbed[stage];
    expect(at(stage).snapshot.can({ type: 'expire' })).toBe(expire !== null);
    const undisturbed = afterwards(stage, 'ctrl-c');
    expect(afterwards(stage, 'expire')).toBe(expire === null ? undisturbed : `${expire} (expired)`);
  });

  test.each(stageNames)('%s: a person cancels', (stage) => {
    const [, cancel] = disturbed[stage];
    expect(afterwards(stage, 'cancel')).toBe(cancel === null ? afterwards(stage, 'ctrl-c') : `${cancel} (cancelled)`);
  });

  test.each(stageNames)('%s: it breaks, and the run still ends', (stage) => {
    expect(afterwards(stage, 'broke')).toBe(`${disturbed[stage][2]} (broke in ${stage})`);
  });

  test.each(stageNames)('%s: Ctrl-C, and the same task again', (stage) => {
    const walk = at(stage);
    const { task } = walk;
    walk.happens('ctrl-c');
    expect(walk.task).toEqual(task);
  });

  test.each(stageNames)('%s: nobody can answer a question that was not asked', (stage) => {
    for (const type of ['approve', 'reject', 'approvalExpired'] as const) {
      expect(afterwards(stage, type)).toBe(afterwards(stage, 'ctrl-c'));
    }
  });
});

test('a dry run publishes nothing, even when its time is up', () => {
  const walk = told('--dry-run revisions:expire');
  walk.until(null);
  expect(walk.path.join(' ')).toBe('preparing checkingRevisions recording finished');
});
