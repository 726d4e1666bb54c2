import { expect, test } from 'vitest';
import { liveTests } from './live-tests.ts';

const goEvent = (Action: string, Test: string) => `${JSON.stringify({ Action, Package: 'p', Test })}\n`;
const nodeEvent = (type: string, name: string, nesting = 0, more: object = {}) =>
  `${JSON.stringify({ type: `test:${type}`, data: { name, nesting, file: '/f.js', ...more } })}\n`;
const logged = (nodeid: string, when: string, outcome: string) =>
  `${JSON.stringify({ $report_type: 'TestReport', nodeid, when, outcome, longrepr: 'x'.repeat(9_000) })}\n`;

/** `runner: 2p 1f 1s red [ids] running [ids] last name`. */
function told(text: string, chunk: number, junit = false): string {
  const live = liveTests({ junit });
  for (let at = 0; at < text.length; at += chunk) live.write(text.slice(at, at + chunk), 0);
  const book = live.book();
  if (book === null) return 'not recognised';
  const { runner, passed, failed, errored, skipped, red, running, last } = book.outcomes();
  const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id).join(', ');
  return `${runner}: ${passed}p ${failed}f ${errored}e ${skipped}s red [${ids(red)}] running [${ids(running)}] last ${last}`;
}

const stories: Record<string, [text: string, told: string]> = {
  'go test -json: a parent is a test, and one that hangs': [
    `go: downloading x\n${goEvent('run', 'TestA')}${goEvent('run', 'TestA/sub')}${goEvent('fail', 'TestA/sub')}${goEvent('fail', 'TestA')}${goEvent('run', 'TestB')}${goEvent('pass', 'TestB')}${goEvent('run', 'TestC')}`,
    'go-test-json: 1p 2f 0e 0s red [p > TestA/sub, p > TestA] running [p > TestC] last TestB',
  ],
  'go test -json: one that waits for others is not at work': [
    `${goEvent('run', 'TestA')}${goEvent('pause', 'TestA')}${goEvent('run', 'TestB')}`,
    'go-test-json: 0p 0f 0e 0s red [] running [p > TestB] last null',
  ],
  'go test -v': [
    '=== RUN   TestA\n--- PASS: TestA (0.01s)\n=== RUN   TestB\n    b_test.go:3: no\n--- FAIL: TestB (0.00s)\n=== RUN   TestC\n',
    'go-test-text: 1p 1f 0e 0s red [TestB] running [TestC] last TestB',
  ],
  'pytest -v: a name without its outcome runs': [
    '===== test session starts =====\r\ncollected 4 items\r\n\r\nt.py::test_a PASSED  [ 25%]\r\nt.py::test_b FAILED [ 50%]\r\nt.py::TestC::test_hang[a b] ',
    'pytest-console: 1p 1f 0e 0s red [t.py > test_b] running [t.py > TestC > test_hang[a b]] last test_b',
  ],
  'pytest -v -s: what the test prints stands in between; a broken teardown comes after the pass': [
    '===== test session starts =====\nt.py::test_a said\nmore\nPASSED\nt.py::test_b PASSED [ 50%]\nt.py::test_b ERROR [ 50%]\n',
    'pytest-console: 1p 0f 1e 0s red [t.py > test_b] running [] last test_b',
  ],
  'pytest: what its summary repeats is not counted again': [
    '===== test session starts =====\nt.py::test_b FAILED [ 50%]\n\n===== FAILURES =====\nt.py::x FAILED\n==== short test summary info ====\nFAILED t.py::test_b - no\n',
    'pytest-console: 0p 1f 0e 0s red [t.py > test_b] running [] last test_b',
  ],
  'pytest-reportlog, with long entries': [
    `{"$report_type":"SessionStart"}\n${logged('t.py::a', 'setup', 'passed')}${logged('t.py::a', 'call', 'failed')}${logged('t.py::a', 'teardown', 'passed')}${logged('t.py::b', 'setup', 'skipped')}${logged('t.py::b', 'teardown', 'passed')}${logged('t.py::c', 'setup', 'passed')}`,
    'pytest-reportlog: 0p 1f 0e 1s red [t.py > a] running [t.py > c] last b',
  ],
  'node events': [
    nodeEvent('dequeue', '/f.js') +
      nodeEvent('dequeue', 'outer') +
      nodeEvent('dequeue', 'in', 1) +
      nodeEvent('pass', 'in', 1) +
      nodeEvent('dequeue', 'bad', 1) +
      nodeEvent('fail', 'bad', 1) +
      nodeEvent('dequeue', 'later', 1) +
      nodeEvent('pass', 'later', 1, { todo: true }) +
      nodeEvent('fail', 'outer') +
      nodeEvent('dequeue', 'hangs'),
    'node-events: 1p 1f 0e 1s red [outer > bad] running [hangs] last later',
  ],
  'TAP of node': [
    'TAP version 13\n# Subtest: a\nok 1 - a\n  ---\n  stack: |-\n    not ok 9 - no test\n  ...\n# Subtest: outer\n    # Subtest: in\n    not ok 1 - in\n    # Subtest: sk\n    ok 2 - sk # SKIP why\n    1..2\nnot ok 2 - outer\n# Subtest: hangs\n',
    'tap: 1p 1f 0e 1s red [outer > in] running [hangs] last sk',
  ],
  'spec of node, with the details of a failure': [
    '✔ first (a) passes (2.42ms)\n▶ outer\n  ✔ in (0.5ms)\n  ✖ bad (2.4ms)\n    AssertionError: 1 == 2\n    - 2\n    + 1 {\n    }\n\n  ﹣ sk (0.27ms) # why\n✖ outer (4.3ms)\n▶ parent\n  ✔ sub (2.8ms)\n✔ parent (3.4ms)\n',
    'node-spec: 3p 1f 0e 1s red [outer > bad] running [] last sub',
  ],
  'spec of node: what it repeats at its end is not counted again': [
    '✖ bad (1.2ms)\nℹ tests 1\nℹ fail 1\n\n✖ failing tests:\n\n✖ bad (1.2ms)\n',
    'node-spec: 0p 1f 0e 0s red [bad] running [] last bad',
  ],
  mocha: [
    '\n\n  chat\n    ✔ connects (12ms)\n    - waits\n    1) refuses\n    deeper\n      ✔ closes\n  other\n    ✔ asks\n',
    'headed-tree: 3p 1f 0e 1s red [chat > refuses] running [] last asks',
  ],
  'jest --verbose': [
    'FAIL e2e/a.test.js\n  outer\n    ✓ in (5 ms)\n    ✕ bad (2 ms)\n    ○ skipped sk\n\n  ● outer › bad\n\n    - Expected\n    + Received\n\nPASS e2e/b.test.js\n  ✓ top\n',
    'headed-tree: 2p 1f 0e 1s red [outer > bad] running [] last top',
  ],
  'vitest --reporter=verbose, in colours': [
    '\n \u001b[46m RUN \u001b[49m \u001b[36mv4.1.11 \u001b[39m/app\n\n \u001b[32m✓\u001b[39m a.test.js\u001b[2m > \u001b[22mtop 3ms\n \u001b[31m×\u001b[39m a.test.js > outer > bad 11ms\n   → expected 1 to be 2\n ↓ a.test.js > outer > sk\n',
    'vitest: 1p 1f 0e 1s red [a.test.js > outer > bad] running [] last sk',
  ],
  'playwright --reporter=list, with a retry': [
    'Running 3 tests using 1 worker\n\n  ✓  1 [chromium] › a.spec.ts:3:1 › outer › in (1.2s)\n  ✘  2 [chromium] › a.spec.ts:9:1 › bad (312ms)\n  ✓  3 [chromium] › a.spec.ts:9:1 › bad (retry #1) (300ms)\n  x  4 [chromium] › a.spec.ts:12:1 › worse (1ms)\n  -  5 [chromium] › a.spec.ts:20:1 › sk\n',
    'playwright-list: 2p 1f 0e 1s red [chromium > a.spec.ts > worse] running [] last sk',
  ],
  'no runner that is known': ['hello\n\n  world\n', 'not recognised'],
};

test.each(Object.entries(stories))('%s', (_story, [text, expected]) => {
  // Chunks may end anywhere, also in a name that is not whole yet.
  for (const chunk of [text.length, 7, 1]) expect(told(text, chunk)).toBe(expected);
});

test('a test is named as the JUnit report of its runner names it', () => {
  const text = '===== test session starts =====\ne2e/test_h.py::TestC::test_b FAILED [50%]\n';
  expect(told(text, 9, true)).toContain('red [pytest > e2e.test_h.TestC > test_b]');
});

test('hostile streams are read, cut and bounded', () => {
  const live = liveTests({ junit: false });
  const noise = [
    '\u0000\u001b[31m\r',
    `{"$report_type":${'['.repeat(50_000)}\n`,
    '{"Action":[],"Package":{},"Test":[]}\n',
    '}\n',
  ];
  for (const text of noise) live.write(text, 0);
  live.write(`TAP version 13\n${'y'.repeat(100_000)}\nok 1 - ${'x'.repeat(5_000)}\u001b[2J<script>\n`, 0);
  for (let n = 0; n < 20_000; n += 1)
    live.write(`# Subtest: ${n}\n${'    '.repeat(80)}not ok ${n} - __proto__ ${n}\n`, 0);
  const told = live.book()?.outcomes();
  expect(told).toMatchObject({ runner: 'tap', passed: 1, failed: 20_000 });
  expect([told?.red.length, told?.running.length]).toEqual([2_000, 50]);
});

const minute = 60_000;
test.each<[story: string, text: string, later: string, hangs: string]>([
  ['a test that began', goEvent('run', 'TestA'), '', 'p > TestA'],
  ['silence between tests, where begins are told', goEvent('run', 'TestA') + goEvent('pass', 'TestA'), '', ''],
  ['silence, where only ends are told', '✔ a (1.2ms)\n', '', '(quiet)'],
  ['silence behind the closing lines', '✔ a (1.2ms)\nℹ tests 1\n', '', ''],
  ['a subtest, not the test around it', goEvent('run', 'A') + goEvent('run', 'A/b'), '', 'p > A/b'],
  [
    'a test around subtests that end in time',
    nodeEvent('dequeue', 'A') + nodeEvent('dequeue', 'b', 1),
    nodeEvent('pass', 'b', 1),
    '',
  ],
])('what hangs: %s', (_story, text, later, hangs) => {
  const live = liveTests({ junit: false });
  live.write(text, 0);
  live.write(later, minute - 1);
  const { tests, quiet } = live.book()?.overdue(minute + 1, minute) ?? { tests: [], quiet: false };
  expect(quiet ? '(quiet)' : tests.map(({ id }) => id).join()).toBe(hangs);
});
