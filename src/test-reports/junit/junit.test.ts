import { describe, expect, test } from 'vitest';
import type { TestCase } from '../../core/test-report.ts';
import type { ReportLimits } from '../limits.ts';
import type { ReportResult } from '../report-format.ts';
import { junit } from './junit.ts';

type Reading = ReportResult & { tests: TestCase[] };

async function read(xml: string | Uint8Array, limits: Partial<ReportLimits> = {}, piece = 1 << 20): Promise<Reading> {
  const bytes = typeof xml === 'string' ? Buffer.from(xml) : xml;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes.length; from += piece) yield bytes.subarray(from, from + piece);
  }
  const tests: TestCase[] = [];
  const result = await junit.read(pieces(), (found) => tests.push(found), { root: '/srv/app', limits });
  return { ...result, tests };
}

const suite = (inner: string, attributes = ''): string => `<testsuite name="s" ${attributes}>${inner}</testsuite>`;
const said = (reading: Reading): string => {
  const shown = reading.tests.map((found) => `${found.id}=${found.outcome}`);
  if (!reading.ok) shown.push(reading.failure.reason);
  return [...shown, ...reading.problems.map(({ code, weight }) => `${weight}:${code}`)].join(' ');
};

describe('what a test is', () => {
  test.each([
    ['passed', '<testcase name="a"/>', 's > a=passed'],
    ['failed', '<testcase name="a"><failure/></testcase>', 's > a=failed'],
    ['errored', '<testcase name="a"><error/></testcase>', 's > a=errored'],
    ['skipped', '<testcase name="a"><skipped/></testcase>', 's > a=skipped'],
    ['failure and error: once, failed', '<testcase name="a"><error/><failure/></testcase>', 's > a=failed'],
    ['red wins over skipped', '<testcase name="a"><skipped/><error/></testcase>', 's > a=errored'],
    ['gtest, not run', '<testcase name="a" status="notrun" result="suppressed"/>', 's > a=skipped'],
    ['disabled', '<testcase name="a" status="disabled"/>', 's > a=skipped'],
    ['failed by attribute only', '<testcase name="a" status="failed"/>', 's > a=failed'],
    ['disabled and yet failed', '<testcase name="a" status="disabled"><failure/></testcase>', 's > a=failed'],
    ['node: a failing todo', '<testcase name="a"><skipped type="todo"/><failure/></testcase>', 's > a=skipped'],
    ['what a killed runner leaves', '<testcase time="0.000"/>', 's > (no name)=errored note:nameless-test'],
    ['class and suite', '<testcase classname="com.acme.Cart" name="a"/>', 's > com.acme.Cart > a=passed'],
    ['a class that repeats the suite', '<testcase classname="s" name="a"/>', 's > a=passed'],
    [
      'a member of Object',
      '<testcase name="__proto__" classname="constructor" __proto__="x"/>',
      's > constructor > __proto__=passed',
    ],
    [
      'nested suites',
      '<testsuite name="t"><testcase name="a"/></testsuite><testcase name="b"/>',
      's > t > a=passed s > b=passed',
    ],
    ['a namespace', '<x:testcase xmlns:x="urn:x" name="a"><x:failure/></x:testcase>', 's > a=failed'],
    [
      'a suite that failed outside of its tests',
      '<error message="fixture"/>',
      's > (the suite itself)=errored note:suite-failed',
    ],
  ])('%s', async (_name, inner, expected) => {
    expect(said(await read(suite(inner)))).toBe(expected);
  });

  test('everything that a test carries', async () => {
    const { tests } = await read(
      suite(
        `<testcase classname="C" name="a &lt;1&gt;" file="/srv/app/e2e/a.test.js" line="7" time="1,234.5">
           <properties><property name="issue" value="42"/></properties>
           <failure type="AssertionError" message="expected 1">AssertionError: expected 1
    at send (file:///srv/app/src/send.js:3:9)</failure>
           <system-out><![CDATA[out <1>]]></system-out><system-err>err</system-err>
         </testcase>`,
      ),
    );
    expect(tests).toEqual([
      {
        id: 's > C > a <1>',
        suite: 's',
        className: 'C',
        name: 'a <1>',
        file: 'e2e/a.test.js',
        line: 7,
        outcome: 'failed',
        durationMs: 1_234_500,
        message: 'expected 1',
        failureType: 'AssertionError',
        stack: 'AssertionError: expected 1\n    at send (file:///srv/app/src/send.js:3:9)',
        frames: [{ file: 'src/send.js', line: 3, column: 9, function: 'send' }],
        stdout: 'out <1>',
        stderr: 'err',
        attempts: [{ outcome: 'failed', message: 'expected 1' }],
        properties: [{ name: 'issue', value: '42' }],
      },
    ]);
  });

  test.each([
    ['testCodeFailure', 'it says "no"'],
    ['AssertionError', 'it says &quot;no&quot;'],
  ])('node escapes quotes twice, and nobody else does: %s', async (type, message) => {
    const failure = `<failure type="${type}" message="it says &amp;quot;no&amp;quot;"/>`;
    const { tests } = await read(`<testsuites><testcase name="a" classname="test">${failure}</testcase></testsuites>`);
    expect(tests[0]?.message).toBe(message);
  });

  test('without a message the first line of the text is one', async () => {
    const { tests } = await read(suite('<testcase name="a"><failure>\n  Error: boom\n at x</failure></testcase>'));
    expect(tests[0]?.message).toBe('Error: boom');
  });

  test('the same broken teardown that pytest writes as a second element is one test', async () => {
    const teardown = '<error message="failed on teardown with &quot;x&quot;">t</error>';
    const xml = suite(
      `<testcase classname="C" name="a"><failure message="m">f</failure></testcase><testcase classname="C" name="a">${teardown}</testcase>`,
      'tests="1" failures="1" errors="1"',
    );
    const reading = await read(xml);
    expect(said(reading)).toBe('s > C > a=failed note:totals-differ');
    expect(reading.tests[0]?.stack).toBe('f\n\nt');
  });

  test.each([
    ['1e999', null],
    ['-1', null],
    ['NaN', null],
    ['', null],
    ['0', 0],
    ['0.0005', 0.5],
  ])('time="%s" is %s ms', async (time, expected) => {
    expect((await read(suite(`<testcase name="a" time="${time}"/>`))).tests[0]?.durationMs).toBe(expected);
  });
});

describe('attempts', () => {
  test.each([
    ['one', '', 'passed'],
    ['flaky, passed in the end', '<flakyFailure message="1"/><flakyError message="2"/>', 'failed:1 errored:2 passed'],
    [
      'red to the end',
      '<failure message="1"/><rerunFailure message="2"/><rerunError message="3"/>',
      'failed:1 failed:2 errored:3',
    ],
    [
      'told in stackTrace',
      '<flakyFailure><stackTrace>boom</stackTrace><system-out>no</system-out></flakyFailure>',
      'failed:boom passed',
    ],
  ])('%s', async (_name, inner, expected) => {
    const [found] = (await read(suite(`<testcase name="a">${inner}</testcase>`))).tests;
    const shown = found?.attempts.map(({ outcome, message }) =>
      message === undefined ? outcome : `${outcome}:${message}`,
    );
    expect(shown?.join(' ')).toBe(expected);
  });
});

describe('what a report says about itself is compared, never believed', () => {
  const two = '<testcase name="a"/><testcase name="b"><failure/></testcase>';
  test.each([
    ['the truth', two, 'tests="2" failures="1" errors="0"', ''],
    ['a lie that the tests refute', two, 'tests="2" failures="0" errors="0"', 'note:totals-differ'],
    ['more failures than it shows', two, 'tests="2" failures="2"', 'doubt:totals-hide-failures'],
    ['more tests than it shows', two, 'tests="9" failures="1"', 'doubt:totals-hide-tests'],
    [
      'two errors in one test',
      '<testcase name="a"><error/><error/></testcase>',
      'tests="2" errors="2"',
      'note:totals-differ',
    ],
    ['nonsense', two, 'tests="-5" failures="NaN"', 'note:unreadable-number note:unreadable-number'],
    ['a count beyond all numbers', two, 'tests="999999999999999999999"', 'note:unreadable-number'],
  ])('%s', async (_name, inner, attributes, expected) => {
    const { problems } = await read(suite(inner, attributes));
    expect(problems.map(({ code, weight }) => `${weight}:${code}`).join(' ')).toBe(expected);
  });

  test('a mismatch names both figures and its line', async () => {
    const { problems, declared } = await read(`<testsuites>\n${suite(two, 'tests="2" failures="0"')}</testsuites>`);
    expect(declared).toEqual({ tests: 2, failed: 0 });
    expect(problems[0]).toMatchObject({
      line: 2,
      message: 'the suite "s" says 2 tests, 0 failed; it holds 2 tests, 1 failed',
    });
  });
});

describe('encodings', () => {
  const xml = (encoding: string): string =>
    `<?xml version="1.0" encoding="${encoding}"?>${suite('<testcase name="é"/>')}`;
  const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
  test.each([
    ['UTF-8', Buffer.from(xml('UTF-8')), 's > é=passed'],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${xml('UTF-8')}`), 's > é=passed'],
    ['UTF-16 LE with a mark', Buffer.from(`\uFEFF${xml('UTF-16')}`, 'utf16le'), 's > é=passed'],
    ['UTF-16 LE without one', Buffer.from(xml('UTF-16'), 'utf16le'), 's > é=passed'],
    ['UTF-16 BE with a mark', utf16be(`\uFEFF${xml('UTF-16')}`), 's > é=passed'],
    ['Latin 1', Buffer.from(xml('ISO-8859-1'), 'latin1'), 's > é=passed'],
    ['cp1252', Buffer.from(xml('windows-1252'), 'latin1'), 's > é=passed'],
    ['UTF-8 that calls itself UTF-16', Buffer.from(xml('utf-16')), 's > é=passed note:encoding-differs'],
    [
      'Latin 1 that calls itself UTF-8',
      Buffer.from(xml('UTF-8'), 'latin1'),
      's > \uFFFD=passed note:damaged-characters',
    ],
    ['an unknown one', Buffer.from(xml('klingon')), 'encoding'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]), 'encoding'],
  ])('%s', async (_name, bytes, expected) => {
    expect(said(await read(bytes))).toBe(expected);
  });
});

describe('a report that is no report is refused with its reason and place, and what was read before is kept', () => {
  const one = '<testcase name="a"/><testcase name="b"><failure/></testcase>';
  const kept = 's > a=passed s > b=failed';
  test.each([
    ['0 bytes', '', 'empty'],
    ['blank', ' \n\n ', 'empty'],
    ['cut at an element', `<testsuite name="s">${one}`, `${kept} truncated`],
    ['cut in a tag', `<testsuite name="s">${one}<testcase na`, `${kept} truncated`],
    ['cut in a text', `<testsuite name="s">${one}<testcase name="c"><system-out><![CDATA[half`, `${kept} truncated`],
    ['cut after a failure', '<testsuite name="s"><testcase name="a"><failure/><system-out>', 's > a=failed truncated'],
    [
      'two roots',
      `${suite('<testcase name="a"/>')}\n${suite('<testcase name="b"><failure/></testcase>')}`,
      's > a=passed two-roots',
    ],
    ['wrong order of ends', '<testsuite name="s"><testcase name="a"></testsuite></testcase>', 'not-well-formed'],
    ['an attribute twice', suite('<testcase name="a" name="b"/>'), 'not-well-formed'],
    ['< in a place without quotes', suite('<testcase name=a<b/>'), 'not-well-formed'],
    ['a forbidden reference', suite('<testcase name="a&#0;"/>'), 'not-well-formed'],
    ['an unknown entity', suite('<testcase name="a&nbsp;"/>'), 'not-well-formed'],
    ['conflict markers', `<testsuite name="s">${one}\n<<<<<<< HEAD\n${one}</testsuite>`, `${kept} conflict-markers`],
    ['an entity bomb', '<!DOCTYPE t [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]><testsuite name="&b;"/>', 'doctype'],
    ['a file to read', '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/hostname">]><testsuite name="&x;"/>', 'doctype'],
    ['another kind of XML', '<catalog/>', 'unknown-format'],
    ['no XML', 'Error: boom', 'not-well-formed'],
  ])('%s', async (_name, xml, expected) => {
    expect(said(await read(xml))).toBe(expected);
  });

  test('the place of the fault', async () => {
    const reading = await read(`\n<testsuite name="s">\n  <testcase name="é" name="b"/>\n</testsuite>`);
    if (reading.ok) throw new Error('it was accepted');
    expect(reading.failure).toMatchObject({ reason: 'not-well-formed', line: 3, column: 2 });
  });

  test.each([
    ['depth', { depth: 4 }, '<testsuite>'.repeat(5), 'more than 4 elements inside each other'],
    ['attributes', { attributes: 3 }, '<testsuite a="" b="" c="" d=""/>', 'more than 3 attributes on one element'],
    ['tests', { cases: 2 }, suite('<testcase name="a"/>'.repeat(4)), 'more than 2 tests'],
    [
      'one text',
      { tokenChars: 100_000 },
      suite(`<testcase name="${'x'.repeat(400_000)}"/>`),
      'more than 100000 characters in one piece of text',
    ],
    ['the file', { fileBytes: 50 }, suite('<testcase name="a"/>'.repeat(9)), 'more than 50 bytes'],
  ])('over the limit: %s', async (_name, limits, xml, message) => {
    const reading = await read(xml, limits);
    if (reading.ok) throw new Error('it was accepted');
    expect(reading.failure).toMatchObject({ reason: 'too-large', message });
  });
});

describe('text that attacks', () => {
  test('NUL and terminal colours: the failures are read, the passes are doubted', async () => {
    const xml = `\n${suite('\n<testcase name="\u001b[31mred\u001b[39m"><failure>a\u0000b</failure></testcase>')}`;
    const reading = await read(xml);
    expect(reading.ok).toBe(true);
    expect(reading.tests[0]).toMatchObject({ name: 'red', outcome: 'failed', message: 'a\uFFFDb' });
    expect(reading.problems.filter(({ weight }) => weight === 'doubt')).toMatchObject([
      { code: 'control-characters', line: 3 },
    ]);
  });

  test('"<" in a value is text: the failures are read, the passes are doubted', async () => {
    const reading = await read(suite('\n<testcase name="a<b"/><testcase name="c" time="<no>"><failure/></testcase>'));
    expect(said(reading)).toBe('s > a<b=passed s > c=failed doubt:raw-angle-bracket note:unreadable-number');
    expect(reading).toMatchObject({ ok: true, problems: [{ line: 2 }, { line: 2 }] });
  });

  test('a name of 1 MB becomes a short one that stays the same and stays apart', async () => {
    const name = 'x'.repeat(1_000_000);
    const { tests } = await read(suite(`<testcase name="${name}1"/><testcase name="${name}2"/>`), { nameChars: 100 });
    expect(tests.map(({ id }) => id.length < 150)).toEqual([true, true]);
    expect(new Set(tests.map(({ id }) => id)).size).toBe(2);
  });

  test('long output is kept up to a limit, and how much more there is', async () => {
    const xml = suite(`<testcase name="a"><system-out>${'x'.repeat(500)}</system-out></testcase>`);
    const { tests } = await read(xml, { keptChars: 100 });
    expect(tests[0]?.stdout).toBe(`${'x'.repeat(100)}\n[400 more characters in the report]`);
  });

  test('a file name that leaves the folder is left out and said', async () => {
    const reading = await read(suite('<testcase name="a" file="../../tmp/pwn"/>'));
    expect(reading.tests[0]?.file).toBeUndefined();
    expect(said(reading)).toBe('s > a=passed note:path-outside');
  });
});

test('where the bytes are cut changes nothing', async () => {
  const xml = `\uFEFF\n<?xml version="1.0"?>${suite(
    '\n<testcase name="é\u0000" time="0.1"><failure message="&#233;&lt;">é\r\n]]&gt;<![CDATA[x]]></failure></testcase>\n<testcase name="b"/>',
    'tests="3"',
  )}`;
  const whole = await read(xml);
  expect(whole.tests).toHaveLength(2);
  for (const piece of [1, 2, 3, 7, 100]) expect(await read(xml, {}, piece)).toEqual(whole);
});

test.each([
  ['a suite', '<testsuite/>', true],
  ['after comments', '<?xml version="1.0"?><!-- <html> -->\n<testsuites>', true],
  ['in UTF-16', Buffer.from('\uFEFF<testsuites/>', 'utf16le'), true],
  ['with a document type, to refuse it with the right words', '<!DOCTYPE html><html>', true],
  ['NUnit', '<test-run id="2">', false],
  ['JSON', '{"testsuites":[]}', false],
  ['nothing', '', false],
])('detects by content: %s', (_name, head, expected) => {
  expect(junit.detect(Buffer.from(head as string))).toBe(expected);
});
