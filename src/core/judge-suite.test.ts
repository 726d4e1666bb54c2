import { describe, expect, test } from 'vitest';
import { judgeSuite, type SuiteFacts, type SuiteRules } from './judge-suite.ts';
import { counts } from './judged-sample.ts';

const rules: SuiteRules = { testsMin: 1, skippedMaxPermille: 200, evidence: 'server', thresholdPermille: 1000 };

/** Eight tests that passed, seen by the server. */
const green: SuiteFacts = {
  how: 'exited',
  exitCode: 0,
  message: null,
  reportProblem: null,
  counts: counts('8/8'),
  reportDoubts: [],
  summaryProblem: null,
  seen: { requests: 16, elsewhere: 0 },
  seenProblem: null,
};

function verdictOf(facts: Partial<SuiteFacts>, changed: Partial<SuiteRules> = {}) {
  const { verdict, invalidBecause } = judgeSuite({ ...green, ...facts }, { ...rules, ...changed });
  return [verdict, ...invalidBecause].join(': ');
}

type Row = [story: string, facts: Partial<SuiteFacts>, rules: Partial<SuiteRules>, verdict: string];

describe('a suite whose evidence holds is judged by its gate', () => {
  test.each<Row>([
    ['all passed', {}, {}, 'GO'],
    ['5 of 8 under 80 %', { exitCode: 1, counts: counts('5/8') }, { thresholdPermille: 800 }, 'NO-GO'],
    ['5 of 8 at 62.5 %', { exitCode: 1, counts: counts('5/8') }, { thresholdPermille: 625 }, 'GO'],
    ['51 of 61 selected at 80 %', { exitCode: 1, counts: counts('51/61 3e') }, { thresholdPermille: 800 }, 'GO'],
    [
      '51 of 215 selected, stopped after 61',
      { exitCode: 1, counts: counts('51/215 3e 154n') },
      { thresholdPermille: 800 },
      'NO-GO',
    ],
    ['one errored, none failed', { exitCode: 1, counts: counts('7/8 1e') }, {}, 'NO-GO'],
    ['one skipped is not passed', { counts: counts('7/8 1s') }, {}, 'NO-GO'],
    ['no server asked for', { seen: null }, { evidence: 'none' }, 'GO'],
    ['nothing passed at a gate of 0 %', { exitCode: 1, counts: counts('0/8') }, { thresholdPermille: 0 }, 'GO'],
  ])('%s', (_story, facts, changed, verdict) => {
    expect(verdictOf(facts, changed)).toBe(verdict);
  });
});

describe('a suite whose evidence does not hold is INVALID', () => {
  const none = counts('0/0');
  test.each<Row>([
    ['0 tests never passes', { counts: none }, {}, 'INVALID: no tests: the report holds none'],
    [
      '0 tests at a gate of 0 %',
      { counts: none },
      { thresholdPermille: 0, testsMin: 0 },
      'INVALID: no tests: the report holds none',
    ],
    [
      'fewer tests than declared',
      { counts: counts('5/5') },
      { testsMin: 8 },
      'INVALID: too few tests: 5 collected, at least 8 declared',
    ],
    [
      '9 of 10 declared tests, all passed, under a gate of 80 %',
      { counts: counts('9/10 1n') },
      { testsMin: 10, thresholdPermille: 800 },
      'INVALID: too few tests: 9 collected, at least 10 declared',
    ],
    [
      'an empty report where 3 tests are declared',
      { counts: counts('0/3 3n') },
      { testsMin: 3 },
      'INVALID: no tests: the report holds none',
    ],
    [
      'all skipped',
      { counts: counts('0/37 37s') },
      { thresholdPermille: 0 },
      'INVALID: skipped: 37 of 37, more than 20 %',
    ],
    ['33 of 37 skipped', { counts: counts('4/37 33s') }, {}, 'INVALID: skipped: 33 of 37, more than 20 %'],
    [
      'exit 0 with red tests',
      { counts: counts('5/8') },
      {},
      'INVALID: exit code disagrees: 0, but the report has 3 red',
    ],
    [
      'exit 0 with an error that is no failure',
      { counts: counts('7/8 1e') },
      {},
      'INVALID: exit code disagrees: 0, but the report has 1 red',
    ],
    ['exit 1 with nothing red', { exitCode: 1 }, {}, 'INVALID: exit code disagrees: 1, but the report has nothing red'],
    [
      'the summary says otherwise',
      { summaryProblem: '7 failed, the report has 10' },
      {},
      'INVALID: summary disagrees: 7 failed, the report has 10',
    ],
    [
      'killed by its limit',
      { how: 'timeout', exitCode: null, message: '120 s', counts: none, reportProblem: 'no report' },
      {},
      'INVALID: timed out: 120 s: no report',
    ],
    ['killed by a signal', { exitCode: null, message: 'ended by SIGKILL' }, {}, 'INVALID: killed: ended by SIGKILL'],
    ['stopped with the run', { how: 'cancelled', exitCode: null }, {}, 'INVALID: killed: the run was stopped'],
    [
      'killed, with a gate that its outcomes meet',
      { how: 'timeout', exitCode: null, message: '120 s' },
      { thresholdPermille: 500 },
      'INVALID: timed out: 120 s',
    ],
    [
      'killed, with red tests that lose the gate of what was collected, and more reported than that',
      {
        ...{ how: 'timeout', exitCode: null, message: '120 s', collected: 10 },
        counts: counts('9/12'),
      },
      { thresholdPermille: 800 },
      'INVALID: timed out: 120 s',
    ],
    [
      'no report',
      { reportProblem: 'no report: no file matches *.xml', counts: none },
      {},
      'INVALID: no report: no file matches *.xml',
    ],
    [
      'a command that does not exist',
      {
        how: 'not-started',
        exitCode: null,
        message: 'no such program: pytset',
        counts: none,
        reportProblem: 'no report',
        seen: null,
      },
      {},
      'INVALID: not started: no such program: pytset',
    ],
    [
      '19 passes while the environment was down',
      { seen: { requests: 0, elsewhere: 0 } },
      {},
      'INVALID: not seen by the server: no request of this suite is in the log of the expected revision',
    ],
    [
      'it talked to another revision',
      { seen: { requests: 0, elsewhere: 12 } },
      {},
      'INVALID: not seen by the server: 12 requests reached another revision',
    ],
    [
      'nobody could look',
      { seen: null, seenProblem: 'request logs are excluded' },
      {},
      'INVALID: not seen by the server: request logs are excluded',
    ],
    [
      'a report that says it mocked',
      { reportDoubts: ['mock fallback'] },
      {},
      'INVALID: report in doubt: mock fallback',
    ],
  ])('%s', (_story, facts, changed, verdict) => {
    expect(verdictOf(facts, changed)).toBe(verdict);
  });
});
