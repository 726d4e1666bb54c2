import { expect, test } from 'vitest';
import { needsSiblings, ownLabels } from './own-labels.ts';
import type { WireRevision } from './wire.ts';

type Labels = Record<string, string>;

/** Made in the order in which they stand. */
function revisions(all: Record<string, Labels>): WireRevision[] {
  return Object.entries(all).map(([name, labels], at) => ({
    name: `projects/p/locations/l/services/web/revisions/${name}`,
    labels,
    createTime: { seconds: 1_000 + at },
  }));
}

const commit = { 'commit-sha': 'abc1234' };
const byLoop = (name: string, step: string): Labels => ({
  ...commit,
  'loop-run': 'r',
  'loop-config': 'c',
  'loop-step': step,
  'loop-revision': name,
});
const byCommand = (step: string): Labels => ({ ...commit, 'loop-step': step });

test.each<[string, Record<string, Labels>, 'own' | 'copied']>([
  ['what loop made', { web: byLoop('web', 'k') }, 'own'],
  ['an update of someone else keeps them', { one: byLoop('one', 'k'), web: byLoop('one', 'k') }, 'copied'],
  ['so it does where loop’s revision is gone', { web: byLoop('one', 'k') }, 'copied'],
  ['a team’s own label, where no loop was', { one: commit, web: commit }, 'own'],
  ['a command that sets the step', { web: byCommand('k') }, 'own'],
  ['an update after such a command', { one: byCommand('k'), web: byCommand('k') }, 'copied'],
  ['a command after loop’s own deployment', { one: byLoop('one', 'k'), web: { ...byLoop('one', 'm') } }, 'own'],
  ['a run alone binds nothing', { web: { ...commit, 'loop-run': 'r' } }, 'copied'],
])('%s', (_story, all, whose) => {
  const list = revisions(all);
  const subject = list.at(-1) as WireRevision;
  expect(ownLabels(subject, list)).toEqual(whose === 'own' ? all.web : {});
});

test('of two that were made in the same moment nobody can tell which is the copy', () => {
  const [one, two] = revisions({ one: byCommand('k'), two: byCommand('k') }) as [WireRevision, WireRevision];
  const twin = { ...two, createTime: one.createTime ?? null };
  expect([one, twin].map((revision) => ownLabels(revision, [one, twin]))).toEqual([{}, {}]);
});

test('others are needed only where a step stands without the revision’s own name', () => {
  const [mine, copied, command, foreign] = revisions({
    mine: byLoop('mine', 'k'),
    copied: byLoop('mine', 'k'),
    command: byCommand('m'),
    foreign: commit,
  });
  expect([mine, copied, command, foreign].map((one) => needsSiblings(one as WireRevision))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
