import { describe, expect, test } from 'vitest';
import type { ReportReading } from '../core/test-report.ts';
import { readSample } from '../testing/report-sample.ts';
import type { formats } from './index.ts';

/** A green test first and a red one last, in every format: whatever is cut away or damaged, it must not look like a green run. */
const samples: Record<keyof typeof formats, string> = {
  junit:
    '<testsuites><testsuite name="s" tests="2"><testcase name="a"/><testcase name="b"><failure message="no">x</failure></testcase></testsuite></testsuites>',
  trx: '<TestRun><Results><UnitTestResult testName="a" outcome="Passed"/><UnitTestResult testName="b" outcome="Failed"/></Results></TestRun>',
  nunit:
    '<test-run><test-suite name="s"><test-case name="a" result="Passed"/><test-case name="b" result="Failed"/></test-suite></test-run>',
  xunit:
    '<assemblies><assembly name="A"><collection><test name="a" result="Pass"/><test name="b" result="Fail"/></collection></assembly></assemblies>',
  testng:
    '<testng-results><suite name="s"><test name="t"><class name="c"><test-method name="a" status="PASS"/><test-method name="b" status="FAIL"/></class></test></suite></testng-results>',
  robot:
    '<robot><suite name="s"><test name="a"><status status="PASS"/></test><test name="b"><status status="FAIL"/></test></suite></robot>',
  playwright:
    '{"config":{"rootDir":"/app"},"suites":[{"title":"f","specs":[{"title":"a","tests":[{"expectedStatus":"passed","status":"expected","results":[{"status":"passed"}]}]},{"title":"b","tests":[{"expectedStatus":"passed","status":"unexpected","results":[{"status":"failed"}]}]}]}],"errors":[],"stats":{"expected":1,"unexpected":1,"flaky":0,"skipped":0}}',
  ctrf: '{"reportFormat":"CTRF","results":{"tool":{"name":"x"},"summary":{"tests":2,"passed":1,"failed":1},"tests":[{"name":"a","status":"passed"},{"name":"b","status":"failed"}]}}',
  jest: '{"numTotalTests":2,"numFailedTests":1,"success":false,"testResults":[{"name":"/app/f.js","status":"failed","assertionResults":[{"title":"a","status":"passed"},{"title":"b","status":"failed"}]}]}',
  'pytest-json':
    '{"created":1,"exitcode":1,"environment":{},"summary":{"passed":1,"failed":1},"tests":[{"nodeid":"f.py::a","outcome":"passed"},{"nodeid":"f.py::b","outcome":"failed"}]}',
  mocha:
    '{"stats":{"tests":2,"passes":1,"failures":1,"pending":0},"tests":[{"title":"a","fullTitle":"a"},{"title":"b","fullTitle":"b"}],"pending":[],"failures":[{"title":"b","fullTitle":"b","err":{"message":"no"}}],"passes":[{"title":"a","fullTitle":"a"}]}',
  mochawesome:
    '{"stats":{"passes":1,"failures":1},"results":[{"suites":[{"title":"s","tests":[{"title":"a","pass":true},{"title":"b","fail":true}],"suites":[]}]}]}',
  rspec:
    '{"version":"3","examples":[{"description":"a","status":"passed"},{"description":"b","status":"failed"}],"summary":{"example_count":2,"failure_count":1,"pending_count":0}}',
  cucumber:
    '[{"uri":"f","keyword":"Feature","name":"F","elements":[{"name":"a","steps":[{"result":{"status":"passed"}}]},{"name":"b","steps":[{"result":{"status":"failed"}}]}]}]',
  'pytest-reportlog':
    '{"$report_type":"SessionStart"}\n{"$report_type":"TestReport","nodeid":"f.py::a","when":"setup","outcome":"passed"}\n{"$report_type":"TestReport","nodeid":"f.py::a","when":"call","outcome":"passed"}\n{"$report_type":"TestReport","nodeid":"f.py::a","when":"teardown","outcome":"passed"}\n{"$report_type":"TestReport","nodeid":"f.py::b","when":"setup","outcome":"passed"}\n{"$report_type":"TestReport","nodeid":"f.py::b","when":"call","outcome":"failed"}\n{"$report_type":"TestReport","nodeid":"f.py::b","when":"teardown","outcome":"passed"}\n{"$report_type":"SessionFinish"}\n',
  dart: '{"protocolVersion":"0.1.1","type":"start","time":0}\n{"test":{"id":1,"name":"a"},"type":"testStart","time":1}\n{"testID":1,"result":"success","type":"testDone","time":2}\n{"test":{"id":2,"name":"b"},"type":"testStart","time":3}\n{"testID":2,"result":"failure","type":"testDone","time":4}\n{"success":false,"type":"done","time":5}\n',
  'go-test-json':
    '{"Action":"start","Package":"p"}\n{"Action":"run","Package":"p","Test":"A"}\n{"Action":"pass","Package":"p","Test":"A"}\n{"Action":"run","Package":"p","Test":"B"}\n{"Action":"fail","Package":"p","Test":"B"}\n{"Action":"fail","Package":"p"}\n',
  'pytest-console':
    '=== test session starts ===\nf.py::a PASSED [ 50%]\nf.py::b FAILED [100%]\n=== 1 failed, 1 passed in 0.10s ===\n',
  'go-test-text':
    '=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestB\n--- FAIL: TestB (0.00s)\nFAIL\nFAIL\tp\t0.1s\n',
  tap: 'TAP version 13\n1..2\nok 1 - a\nnot ok 2 - b\n  ---\n  message: no\n  ...\n',
};

/** What a suite could be called good for: read to its end, something passed, nothing red, no doubt. */
function looksGreen({ ok, report }: ReportReading): boolean {
  const { passed, failed, errored } = report.totals;
  return ok && passed > 0 && failed + errored === 0 && report.problems.every(({ weight }) => weight !== 'doubt');
}

describe.each(Object.entries(samples))('%s', (name, text) => {
  test('is known by its content, and has one green and one red test', async () => {
    const { ok, report } = await readSample(text);
    expect({ ok, format: report.format, totals: report.totals }).toMatchObject({
      ok: true,
      format: name,
      totals: { passed: 1, failed: 1 },
    });
  });

  test('cut anywhere: never green', async () => {
    const green: string[] = [];
    for (let end = 0; end < text.length; end += 1) {
      const part = text.slice(0, end);
      if (looksGreen(await readSample(part))) green.push(part.slice(-60));
    }
    expect(green).toEqual([]);
  });

  test('damaged, in another encoding, doubled, under conflict markers: a value, never a crash', async () => {
    const middle = Math.floor(text.length / 2);
    const damaged: (string | Uint8Array)[] = [
      Buffer.from(text, 'utf16le'),
      `\uFEFF${text}`,
      text + text,
      `<<<<<<< ours\n${text}\n=======\n${text}\n>>>>>>> theirs\n`,
      `${text.slice(0, middle)}\u0000${text.slice(middle)}`,
      Buffer.concat([
        Buffer.from(text.slice(0, middle)),
        Buffer.from([0xff, 0xfe, 0x80]),
        Buffer.from(text.slice(middle)),
      ]),
      text.replaceAll('"b"', '"__proto__"').replaceAll('"a"', '"constructor"'),
      text.replace('b', 'b'.repeat(1_000_000)),
    ];
    for (const content of damaged) expect(looksGreen(await readSample(content))).toBe(false);
  });
});
