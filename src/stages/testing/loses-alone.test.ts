import { expect, test } from 'vitest';
import { counts } from '../../core/judged-sample.ts';
import { losesAlone, losesPhase } from './gate-lost.ts';

const suite = { require: true, testsMin: 1, skippedMaxPermille: 200 };
const own = { thresholdPermille: 800, judgedBy: 'suite' } as const;
const attempt = (of: string, exitCode: number) => ({
  how: 'exited' as const,
  exitCode,
  message: null,
  reportProblem: null,
  reportDoubts: [],
  summaryProblem: null,
  counts: counts(of),
  passed: [],
  red: [],
});

// [story, the suite, its attempt, who judges it, is the phase decided]
test.each([
  ['its own gate is lost', suite, attempt('5/8', 1), own, true],
  ['its own gate is met', suite, attempt('7/8', 1), own, false],
  ['later suites can make up for it', suite, attempt('5/8', 1), { ...own, judgedBy: 'phase' as const }, false],
  ['it may be missing', { ...suite, require: false }, attempt('5/8', 1), own, false],
  ['red, but the exit code says otherwise: no evidence', suite, attempt('5/8', 0), own, false],
  ['no report at all', suite, { ...attempt('0/8 8n', 1), reportProblem: 'no report' }, own, false],
])('%s', (_story, config, ran, rules, decided) => {
  expect(losesAlone(config, ran, rules)).toBe(decided);
});

const stopped = (of: string, reds: readonly string[]) => ({
  ...attempt(of, 1),
  ...{ how: 'timeout' as const, exitCode: null, partial: true, collected: counts(of).selected },
  red: reds.map((id) => ({ id, name: id, outcome: 'failed' as const, attempts: 'F', message: '', frames: [] })),
});
const excuse = { test: 'a', as: 'known' as const, owner: 'eve', issue: '#1', until: '2099-01-01' };

// [story, its attempt, is the suite's own gate lost]
test.each([
  ['its red test loses it', stopped('2/10 7n', ['a']), true],
  ['its red test is a known failure', stopped('2/10 7n', ['a']), false, [excuse]],
])('of a suite that was stopped: %s', (_story, ran, decided, excuses: (typeof excuse)[] = []) => {
  expect(losesAlone(suite, ran, { ...own, thresholdPermille: 1000 }, excuses)).toBe(decided);
});

test('what a stopped suite did not reach is not lost for its phase', () => {
  const rules = { thresholdPermille: 800, judgedBy: 'phase' as const };
  const ended = { config: suite, rules, attempt: stopped('0/50 39n', [...'abcdefghijk']), collected: 50, excuses: [] };
  const open = (collected: number) => ({ config: suite, rules, attempt: null, collected, excuses: [] });
  expect(losesPhase(800, [ended, open(50)])).toBe(false);
  expect(losesPhase(800, [ended, open(3)])).toBe(true);
});
