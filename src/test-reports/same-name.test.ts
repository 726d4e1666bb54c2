import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSample, shown } from '../testing/report-sample.ts';
import { readReportFiles } from './index.ts';

const body = { P: '', F: '<failure message="no"/>', E: '<error message="oh"/>', S: '<skipped/>' } as const;

/** `x:F@f.py:3`: the test x failed, in line 3 of f.py; `x:P` without a place. */
function junit(tests: string, timestamp = ''): string {
  const cases = tests.split(' ').map((one) => {
    const [, name, letter, file, line] = /^(.+?):([PFES])(?:@(.+):(\d+))?$/.exec(one) ?? [];
    const place = file === undefined ? '' : ` file="${file}" line="${line}"`;
    return `<testcase name="${name}" time="0.1"${place}>${body[letter as keyof typeof body]}</testcase>`;
  });
  const time = timestamp === '' ? '' : ` timestamp="${timestamp}"`;
  return `<testsuite name="s"${time}>${cases.join('')}</testsuite>`;
}

const read = async (tests: string, retries?: 'same-name') =>
  shown(await readSample(junit(tests), { retries })).slice(1);

describe('tests of one name in one report', () => {
  // [what is written, without the switch, with it]
  test.each([
    ['x:P y:F', ['passed s > x', 'failed s > y'], ['passed s > x', 'failed s > y']],
    ['x:F x:P', ['failed s > x', 'passed s > x #2'], ['passed s > x [failed passed]', 'note joined-attempts']],
    [
      'x:F x:E x:F',
      ['failed s > x', 'errored s > x #2', 'failed s > x #3'],
      ['failed s > x [failed errored failed]', 'note joined-attempts'],
    ],
    // gotestsum and Gradle repeat at the end
    [
      'x:F y:P x:P',
      ['failed s > x', 'passed s > y', 'passed s > x #2'],
      ['passed s > x [failed passed]', 'passed s > y', 'note joined-attempts'],
    ],
    // what comes after a pass is no repetition: it stays red
    ['x:P x:F', ['passed s > x', 'failed s > x #2'], ['passed s > x', 'failed s > x #2']],
    ['x:F x:S', ['failed s > x', 'skipped s > x #2'], ['failed s > x', 'skipped s > x #2']],
    ['x:F@a.py:3 x:P@b.py:3', ['failed s > x', 'passed s > x #2'], ['failed s > x', 'passed s > x #2']],
    // names that are not unique: the joined pass may be another test's, and proves nothing
    [
      'x:F x:P x:P',
      ['failed s > x', 'passed s > x #2', 'passed s > x #3'],
      ['passed s > x [failed passed]', 'passed s > x #2', 'note joined-attempts', 'doubt repeated-test'],
    ],
    [
      'y:P y:P x:F x:P',
      ['passed s > y', 'passed s > y #2', 'failed s > x', 'passed s > x #2'],
      [
        'passed s > y',
        'passed s > y #2',
        'passed s > x [failed passed]',
        'note joined-attempts',
        'doubt repeated-test',
      ],
    ],
  ])('%s', async (tests, without, joined) => {
    expect(await read(tests)).toEqual(without);
    expect(await read(tests, 'same-name')).toEqual(joined);
  });

  test('the deciding attempt tells, and every message is kept', async () => {
    const { report } = await readSample(junit('x:F x:E x:P'), { retries: 'same-name' });
    expect(report.totals).toMatchObject({ tests: 1, passed: 1 });
    expect([...report.tests]).toMatchObject([
      { id: 's > x', attempts: [{ message: 'no' }, { message: 'oh' }, { outcome: 'passed' }] },
    ]);
    expect(report.tests.at(0)?.message).toBeUndefined();
  });

  test('without the switch a person is told of it', async () => {
    const { report } = await readSample(junit('x:F x:P'));
    expect(report.problems[0]?.message).toBe(
      '1 test has the name of an earlier one and counts by itself, first "s > x"; ' +
        'if the runner repeats red tests, say so with "retries: same-name"',
    );
  });
});

describe('attempts in several files', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loop-attempts-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const early = '2026-01-01T10:00:00';
  const late = '2026-01-01T10:00:30+00:00';
  // [the files in the order of their globs, what is read of them]
  test.each<[string, string[], string[]]>([
    [
      'by the times in the files, not by their names',
      [junit('x:P y:P', late), junit('x:F z:P', early)],
      ['passed s > x [failed passed]', 'passed s > z', 'passed s > y'],
    ],
    ['by their names where one has no time', [junit('x:F', late), junit('x:P')], ['passed s > x [failed passed]']],
    ['by their names at the same second', [junit('x:F', early), junit('x:P', early)], ['passed s > x [failed passed]']],
    ['a repetition that failed again', [junit('x:F', early), junit('x:F', late)], ['failed s > x [failed failed]']],
    [
      'of two formats',
      [
        '{"reportFormat":"CTRF","results":{"tool":{"name":"t"},"summary":{"start":1767261601000},"tests":[{"name":"x","status":"passed"}]}}',
        '<testsuite timestamp="2026-01-01T10:00:00Z"><testcase name="x"><failure/></testcase></testsuite>',
      ],
      ['passed x [failed passed]'],
    ],
  ])('%s', async (_name, contents, expected) => {
    const files = contents.map((_, index) => `${index}.report`);
    for (const [index, text] of contents.entries()) await writeFile(join(folder, `${index}.report`), text);
    const reading = await readReportFiles(files, { folder, root: folder, retries: 'same-name' });
    expect(shown(reading).slice(1)).toEqual([...expected, 'note joined-attempts']);
  });
});
