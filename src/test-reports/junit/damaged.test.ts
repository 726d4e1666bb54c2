import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import type { TestOutcome } from '../../core/test-report.ts';
import { junit } from './junit.ts';

const report = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="a &amp; b" tests="5">
    <testcase name="größe &lt;1&gt;" classname="c.D" file="src/d.ts" time="0.125"/>
    <testcase name="one" classname="c.D" time="1,000.5"></testcase>
    <testcase classname="c.D" name="two"><failure message="no &quot;x&quot;"><![CDATA[Error: no
    at f (src/d.ts:3:4)]]></failure></testcase>
    <testcase name="three"><skipped/></testcase>
    <testcase name="one" classname="c.D"><error>at g</error><system-out>out</system-out></testcase>
  </testsuite>
  <testsuite name="e"><testcase name="f" status="run" line="3"/><!-- g --></testsuite>
</testsuites>
`;
const pieces = [
  '<',
  '>',
  '"',
  "'",
  '&',
  '&lt;',
  '/',
  '/>',
  ' ',
  ']]>',
  '<failure/>',
  '<testcase name="n"/>',
  '</testcase>',
  'x',
];

/** How many tests and how many result elements there are, or null where saxes refuses the document. */
function saxesCounts(text: string): { tests: number; red: number } | null {
  const counts = { tests: 0, red: 0 };
  const parser = new SaxesParser({ xmlns: false });
  parser.on('opentag', ({ name }) => {
    if (name === 'testcase') counts.tests += 1;
    if (name === 'failure' || name === 'error') counts.red += 1;
  });
  try {
    parser.write(text).close();
    return counts;
  } catch {
    return null;
  }
}

async function ours(text: string, step: number) {
  const outcomes: TestOutcome[] = [];
  let plain = 0;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
  }
  const emitPassed = (): void => {
    plain += 1;
  };
  const result = await junit.read(chunks(), ({ outcome }) => outcomes.push(outcome), { root: '/app', emitPassed });
  return { result, tests: plain + outcomes.length, plain, outcomes };
}

test('3,000 damaged reports: accepted as by saxes, as many tests, and never a red one lost', async () => {
  let seed = 3;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((seed / 0x80000000) * below);
  };
  const seen = { accepted: 0, plain: 0, rawAngles: 0 };
  for (let n = 0; n < 3_000; n += 1) {
    const at = random(report.length);
    const piece = random(4) === 0 ? '' : (pieces[random(pieces.length)] ?? '');
    const text = report.slice(0, at) + piece + report.slice(at + random(3));
    const theirs = saxesCounts(text);
    const { result, tests, plain, outcomes } = await ours(text, 1 + random(400));
    const isRaw = result.problems.some(({ code }) => code === 'raw-angle-bracket');
    seen.plain += plain;
    if (isRaw) seen.rawAngles += 1;
    // The one thing that we read and saxes does not; then passes are no evidence.
    if (isRaw && theirs === null) continue;
    // Refused before or after the scanner: saxes is given texts, and any root will do for it.
    const unknown = !result.ok && ['unknown-format', 'encoding'].includes(result.failure.reason);
    if (result.ok !== (theirs !== null) && !unknown) expect([text, result]).toEqual([text, theirs]);
    if (!result.ok || theirs === null) continue;
    seen.accepted += 1;
    const suiteFailures = result.problems.filter(({ code }) => code === 'suite-failed').length;
    const red = outcomes.filter((outcome) => outcome === 'failed' || outcome === 'errored').length;
    if (tests - suiteFailures !== theirs.tests || (theirs.red > 0 && red === 0))
      expect([text, tests, red]).toEqual(theirs);
  }
  expect(seen.accepted).toBeGreaterThan(500);
  expect(seen.plain).toBeGreaterThan(2_000);
  expect(seen.rawAngles).toBeGreaterThan(20);
});
