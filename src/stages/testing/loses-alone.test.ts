import { expect, test } from 'vitest';
import { counts } from '../../core/judged-sample.ts';
import { losesAlone } from './gate-lost.ts';

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
