import { describe, expect, test } from 'vitest';
import { judgeSuite, type SuiteFacts, type SuiteRules } from '../judge-suite.ts';
import { counts } from '../judged-sample.ts';
import type { TestCase } from '../test-report.ts';
import { evidenceRules } from './index.ts';
import { RuleModes } from './rule.ts';
import { suiteSigns } from './suite-signs.ts';

const rules: SuiteRules = { testsMin: 1, skippedMaxPermille: 200, evidence: 'server', thresholdPermille: 800 };
const green: SuiteFacts = {
  how: 'exited',
  exitCode: 0,
  message: null,
  reportProblem: null,
  counts: counts('8/8'),
  reportDoubts: [],
  summaryProblem: null,
  hosts: ['localhost:4001', 'chat-auth-1.run.app'],
  seen: { requests: 16, elsewhere: 0, tests: { seen: 8, of: 8 } },
  seenProblem: null,
};

function passed(name: string, more: Partial<TestCase> = {}): TestCase {
  return {
    ...{ id: name, suite: '', className: null, name, outcome: 'passed', durationMs: 12, frames: [] },
    ...{ attempts: [{ outcome: 'passed' }], properties: [] },
    ...more,
  };
}

function said(console: string, tests: readonly TestCase[] = [passed('a')]) {
  return suiteSigns(console, tests, (text) => text);
}

const enforced: RuleModes = {
  hosts: 'enforce',
  'never-awaited': 'enforce',
  mock: 'enforce',
  bypass: 'enforce',
  'tests-seen': 'enforce',
};

describe('words that give a fake away, by the rule that names them', () => {
  // [the console, the broken rule]; every text was seen in real runs
  test.each([
    ["RuntimeWarning: coroutine 'test_login' was never awaited", 'never-awaited'],
    ['  RuntimeWarning: Enable tracemalloc to get the object allocation traceback', 'never-awaited'],
    ['async def functions are not natively supported.', 'never-awaited'],
    ['WARN backend not reachable, using mock WebSocket', 'mock'],
    ['Falling back to mock server', 'mock'],
    ['skipping real connection', 'mock'],
    ['Tests may be skipped or run in fallback mode', 'mock'],
    ['[auth] JWT bypass token accepted', 'bypass'],
    ['bypass enabled for E2E', 'bypass'],
    ['no answer from the socket, using a mock', 'mock'],
    ['AUTH_BYPASS=true', 'bypass'],
    ['connect ECONNREFUSED 127.0.0.1:3000', 'hosts'],
    ['connect ECONNREFUSED ::1:3000', 'hosts'],
    ['GET https://chat-staging.other.run.app/health 200', 'hosts'],
    ['ws://localhost:8080/ws', 'hosts'],
    ['17 passed, 3 warnings in 0.01s\n====== 1 passed, 3 warnings in 0.21s ======', 'warning-count'],
  ])('%s', (console, rule) => {
    const signs = said(console);
    const { rules: found } = judgeSuite({ ...green, counts: counts('1/1'), signs }, rules);
    expect(found.filter((one) => one.ok === false).map((one) => one.name)).toEqual([rule]);
  });

  test.each([
    'GET http://127.0.0.1:4001/health 200',
    'GET http://localhost:4001/health 200',
    'GET https://chat-auth-1.run.app/me 401',
    '-- Docs: https://docs.pytest.org/en/stable/how-to/capture-warnings.html',
    '✔ a request past the cache bypass is answered (12 ms)',
    'xmlns="http://www.w3.org/2001/XMLSchema"',
    'src/testing/mocks/handlers.ts loaded',
    'no mock server is started; without a mock client, never falling back to mocks',
    'AUTH_BYPASS=false, "login bypass": "off", JWT bypass refused',
    '{"type":"https://datatracker.ietf.org/doc/html/rfc9110#section-15.5.1","status":401}',
    "  > 12 |   test.skip(offline, 'needs the mock server');",
    'listening on 12:30:45, version 1::2',
    '',
  ])('honest: %s', (console) => {
    expect(judgeSuite({ ...green, signs: said(console) }, { ...rules, rules: enforced })).toMatchObject({
      verdict: 'GO',
      invalidBecause: [],
      warnings: [],
    });
  });

  test('a test may be named after what it tests', () => {
    const name = 'a JWT bypass is refused';
    expect(said(`✔ ${name} (3 ms)\nℹ pass 1`, [passed(name)]).markers).toEqual([]);
    expect(said('JWT bypass', [passed(name)]).markers).toHaveLength(1);
  });

  test('so may its group and its file, and why one is skipped may be said', () => {
    const tests = [
      passed('a', { suite: 'login bypass > using a mock clock', className: 'e2e/auth-bypass.spec.js' }),
      passed('b', { outcome: 'skipped', message: 'needs the mock server' }),
    ];
    const console =
      '✓ e2e/auth-bypass.spec.js (1 test)\n▶ login bypass\n  using a mock clock\n﹣ b # needs the mock server';
    expect(said(console, tests).markers).toEqual([]);
    expect(said('the mock server is up', tests).markers).toHaveLength(1);
  });

  test('what a test wrote into the report counts as said', () => {
    const signs = said('', [passed('a', { stdout: 'using mock client for http://localhost:9999/x?token=secret' })]);
    expect(signs.markers).toMatchObject([{ marker: 'mock', where: 'test 1 of the report' }]);
    expect(signs.hosts).toMatchObject([{ host: 'localhost:9999' }]);
    expect(JSON.stringify(signs)).not.toContain('secret');
  });
});

describe('a rule warns, is enforced, or is off', () => {
  const mocked = { ...green, signs: said('using mock WebSocket') };
  test.each<[string, RuleModes, string, number, number]>([
    ['a new pipeline warns', {}, 'GO', 0, 1],
    ['enforced', { mock: 'enforce' }, 'INVALID', 1, 0],
    ['off', { mock: 'off' }, 'GO', 0, 0],
  ])('%s', (_story, modes, verdict, because, warnings) => {
    const judged = judgeSuite(mocked, { ...rules, rules: modes });
    expect([judged.verdict, judged.invalidBecause.length, judged.warnings.length]).toEqual([
      verdict,
      because,
      warnings,
    ]);
  });

  test('a law cannot be set, and a count cannot be enforced', () => {
    expect(RuleModes.safeParse({ 'exit-code': 'warn' }).success).toBe(false);
    expect(RuleModes.safeParse({ instant: 'enforce' }).success).toBe(false);
  });

  test('every rule has its figure, also where it holds', () => {
    const { rules: found } = judgeSuite({ ...green, signs: said('') }, rules);
    expect(found.map((one) => one.name)).toEqual(evidenceRules.map((one) => one.name));
    expect(found.filter((one) => one.figure === '')).toEqual([]);
    expect(found.find((one) => one.name === 'skipped')?.figure).toBe('0 of 8, at most 20 %');
  });
});

describe('figures', () => {
  test('skipped tests are grouped by their reason', () => {
    const skip = (name: string, message: string) => passed(name, { outcome: 'skipped', message });
    const signs = said('', [skip('a', 'no redis'), skip('b', 'no redis'), skip('c', '')]);
    expect(judgeSuite({ ...green, counts: counts('1/4 3s'), signs }, rules).invalidBecause).toEqual([
      'skipped: 3 of 4, more than 20 % (2 × no redis; 1 × no reason given)',
    ]);
  });

  test('tests that took no time at all only warn', () => {
    const judged = judgeSuite({ ...green, signs: said('', [passed('a', { durationMs: 0.2 })]) }, rules);
    expect(judged).toMatchObject({
      verdict: 'GO',
      warnings: ['1 of 1 tests took less than 1 ms: no server answers so fast'],
    });
  });

  test('a test that its runner repeated until it passed is told, and may be held against the suite, never hushed up', () => {
    const tries = (...outcomes: TestCase['outcome'][]) => ({ attempts: outcomes.map((outcome) => ({ outcome })) });
    const tests = [passed('a', tries('failed', 'errored', 'passed')), passed('b'), passed('c', tries('passed'))];
    const signs = said('', tests);
    const because = '1 test passed only after a red attempt, repeated by the runner: a (FFP)';
    expect(judgeSuite({ ...green, signs }, rules)).toMatchObject({ verdict: 'GO', warnings: [because] });
    expect(judgeSuite({ ...green, signs }, { ...rules, rules: { retried: 'enforce' } })).toMatchObject({
      verdict: 'INVALID',
      invalidBecause: [because],
    });
    expect(RuleModes.safeParse({ retried: 'off' }).success).toBe(false);
  });

  test('a passed test without a request is told apart', () => {
    const seen = { requests: 4, elsewhere: 0, tests: { seen: 5, of: 8 } };
    expect(judgeSuite({ ...green, seen }, { ...rules, rules: enforced }).invalidBecause).toEqual([
      'tests not seen by the server: 3 of 8 passed tests left no request',
    ]);
  });

  test.each([
    ['nothing red explains it', counts('5/8 3n'), 0, 'not run: 3 of 8, and nothing red explains it'],
    ['it stopped at its first red test', counts('5/8 2n'), 1, ''],
  ])('not run: %s', (_story, of, exitCode, because) => {
    expect(judgeSuite({ ...green, counts: of, exitCode }, rules).invalidBecause.join()).toBe(because);
  });

  test.each<[story: string, facts: Partial<SuiteFacts>, testsMin: number, invalid: string, warned: string]>([
    ['all that was collected is there', { counts: counts('8/8'), collected: 8 }, 8, '', ''],
    [
      'fewer collected than declared',
      { counts: counts('8/8'), collected: 8 },
      9,
      'too few tests: 8 collected, at least 9 declared',
      '',
    ],
    [
      'fewer reported than collected',
      { counts: counts('8/10 2n'), collected: 10 },
      1,
      'not run: 2 of 10, and nothing red explains it',
      '',
    ],
    [
      'more reported than collected',
      { counts: counts('8/8'), collected: 7 },
      1,
      '',
      'more tests than collected: 8 reported, 7 collected before',
    ],
  ])('collected: %s', (_story, facts, testsMin, invalid, warned) => {
    const judged = judgeSuite({ ...green, ...facts }, { ...rules, testsMin });
    expect([judged.invalidBecause.join(), judged.warnings.join()]).toEqual([invalid, warned]);
  });

  test('51 of 61 executed are 83.6 %, and 51 of 215 collected are 23.7 %: the gate of 80 % is lost', () => {
    const maxfail = { ...green, exitCode: 1, counts: { ...counts('51/215 3e 154n'), failed: 7 }, collected: 215 };
    const judged = judgeSuite(maxfail, rules);
    expect(judged).toMatchObject({ verdict: 'NO-GO', invalidBecause: [] });
    expect(maxfail.counts).toEqual({
      selected: 215,
      executed: 61,
      passed: 51,
      failed: 7,
      errored: 3,
      skipped: 0,
      notRun: 154,
    });
    expect(judged.rules.find(({ name }) => name === 'not-run')?.figure).toBe(
      '154 of 215 not run: it stopped after 10 red',
    );
  });

  test('a stale report is a rule of its own', () => {
    const { rules: found } = judgeSuite(
      { ...green, reportProblem: 'stale report: a.xml is older than the attempt' },
      rules,
    );
    expect(found.filter((one) => one.ok === false).map((one) => one.name)).toEqual(['fresh']);
  });
});

describe('the floor of a suite', () => {
  const lastGood = { run: 'run-x', tests: 215 };
  // [what is known, tests of all, figure or sentence of the floor, and of fewer-tests]
  test.each<[string, Partial<SuiteRules>, string, string, string]>([
    ['nothing', { testsMin: undefined }, '61/61', '61 collected, none declared, no good run before', ''],
    [
      'the last good run had more',
      { testsMin: undefined, lastGood },
      '61/215 154n',
      'too few tests: 61 collected, floor 215 of run run-x (declare testsMin where tests were taken out on purpose)',
      '',
    ],
    [
      'the last good run had fewer',
      { testsMin: undefined, lastGood },
      '220/220',
      '220 collected, floor 215 of run run-x',
      '',
    ],
    ['declared', { testsMin: 8 }, '61/61', '61 collected, at least 8 declared', ''],
    [
      'declared, and the last good run had more',
      { testsMin: 8, lastGood },
      '61/61',
      '61 collected, at least 8 declared',
      'fewer tests: 61 collected, 215 in the last good run run-x',
    ],
  ])('%s', (_known, changed, all, floor, fewer) => {
    const judged = judgeSuite({ ...green, counts: counts(all) }, { ...rules, ...changed });
    const told = judged.rules.find((one) => one.name === 'floor');
    expect(told?.because ?? told?.figure).toBe(floor);
    expect(judged.warnings.join()).toBe(fewer);
    expect(judged.verdict).toBe(floor.startsWith('too few') ? 'INVALID' : 'GO');
  });
});

describe('a killed run keeps what it showed', () => {
  const killed = { ...green, how: 'timeout', exitCode: null, message: '60 s' } as const;
  test.each<[string, Partial<SuiteFacts>, Partial<SuiteRules>, string]>([
    ['one red at a gate of 100 %', { counts: counts('3/4') }, { thresholdPermille: 1000 }, 'NO-GO'],
    ['3 red of 10 collected at 80 %', { counts: counts('4/10 3n'), collected: 10 }, {}, 'NO-GO'],
    ['2 red of 10 collected at 80 %', { counts: counts('4/10 4n'), collected: 10 }, {}, 'INVALID'],
    ['3 red, and nobody knows of how many', { counts: counts('4/10 3n') }, {}, 'INVALID'],
    ['nothing red', {}, { thresholdPermille: 1000 }, 'INVALID'],
    [
      'red, but the server saw nobody',
      { counts: counts('3/4'), seen: { requests: 0, elsewhere: 0 } },
      { thresholdPermille: 1000 },
      'INVALID',
    ],
    [
      'a test that hangs, beside red ones',
      { counts: counts('3/4'), how: 'test-timeout' },
      { thresholdPermille: 1000 },
      'NO-GO',
    ],
    [
      'a test that hangs alone',
      { counts: counts('3/4 1n'), how: 'test-timeout' },
      { thresholdPermille: 1000 },
      'INVALID',
    ],
    ['stopped by its own red tests', { counts: counts('4/10 3n'), collected: 10, how: 'stopped' }, {}, 'NO-GO'],
    ['stopped when another suite lost the gate', { counts: counts('4/10 6n'), how: 'stopped' }, {}, 'INVALID'],
    ['stopped by a person', { counts: counts('3/4'), how: 'cancelled' }, { thresholdPermille: 1000 }, 'INVALID'],
  ])('%s', (_story, facts, changed, verdict) => {
    expect(judgeSuite({ ...killed, ...facts }, { ...rules, ...changed }).verdict).toBe(verdict);
  });
});
