import { describe, expect, test } from 'vitest';
import { blankMove } from '../../core/blank-rows.ts';
import type { RunRecord } from '../../core/record.ts';
import { withHostileText } from '../testing/hostile-record.ts';
import { blockedRecord, invalidRecord, runningRecord, sampleRecord } from '../testing/sample-record.ts';
import { renderWorklog } from './render-worklog.ts';

describe('the first lines tell somebody who was woken up', () => {
  test('NO-GO: verdict, reason with its numbers, what serves, what was published, what to do', () => {
    expect(headOf(sampleRecord())).toMatchInlineSnapshot(`
      "# NO-GO · e2e on local

      Created 2026-11-20 19:08:01Z · focus all · environment local (level act) · command \`loop --focus all\`

      - **Verdict:** NO-GO · phase safety: 5 of 8 passed = 62.5 %, below its gate of 80 % [E11] [E12]
      - **Serves now:** auth \`chat-auth-00001 100 %\` [E5] · backend \`chat-backend-00001 100 %\` [E6] · frontend \`chat-frontend-00001 100 %\` [E7]
      - **Published:** issue [#1](http://127.0.0.1:4010/demo/chat/issues/1) created · pull request [#2](http://127.0.0.1:4010/demo/chat/pull/2) created
      - **Next:** you: review and merge pull request [#2](http://127.0.0.1:4010/demo/chat/pull/2), because its fix is proven and loop never merges
      - **Run:** \`20261120t190801z-abcd\`, finished 2026-11-20 19:08:27Z, after 26.4 s, exit code 1 (NO-GO), outcome pull, HEAD \`9b3e7c1d5a40\`"
    `);
  });

  test.each<[string, RunRecord, string[]]>([
    [
      'INVALID says what does not hold',
      invalidRecord(),
      ['# INVALID · e2e on local', '· suite websocket-events: not seen by the server', 'exit code 4'],
    ],
    [
      'BLOCKED says what is down, and by which probes',
      blockedRecord(),
      [
        '# BLOCKED · e2e on local',
        'backend is down: answered 503 on /health, 5 times in 10 s [E9] [E10]',
        'exit code 5',
      ],
    ],
    [
      'a run that goes on says where it is, and no verdict',
      runningRecord(),
      ['# Running: testing · e2e on local', 'nothing is judged yet', '**Next:** known when the run ends'],
    ],
    [
      'a GO of the first phase is not the GO of the run',
      { ...sampleRecord(), run: { ...sampleRecord().run, state: 'running', stage: 'testing' } },
      ['# NO-GO so far, running: testing'],
    ],
    [
      'a dry run has no verdict',
      { ...runningRecord(), run: { ...runningRecord().run, state: 'finished', outcome: 'planned', exitCode: 0 } },
      ['# Planned ·', 'a dry run: nothing was changed and no test was run'],
    ],
    [
      'a parked run says who has to speak',
      { ...sampleRecord(), run: { ...sampleRecord().run, state: 'parked', exitCode: 3 } },
      ['# NO-GO, parked: waits for a person', 'loop approve'],
    ],
    [
      'traffic that could not be read back is not told as moved',
      { ...sampleRecord(), trafficMoves: [move(false)] },
      ['backend `chat-backend-00002` (asked for, not read back) [E6]'],
    ],
  ])('%s', (_story, record, parts) => {
    const head = headOf(record);
    for (const part of parts) expect(head).toContain(part);
    expect(head.split('\n').length).toBeLessThanOrEqual(15);
  });
});

test('the sections stand in the order of the design', () => {
  expect(renderWorklog(sampleRecord()).match(/^## .*/gm)).toEqual(
    [
      ...[
        'Summary',
        'What was known before',
        'Deployments',
        'Health',
        'Selection and thresholds',
        'Results',
        'Control',
      ],
      ...['Logs', 'Five whys', 'Fix and proof', 'Published', 'Impact', 'Evidence', 'Execution log'],
    ].map((title) => `## ${title}`),
  );
});

test('the control is a two by two table, with the vectors of each test below it', () => {
  expect(sectionOf(sampleRecord(), 'Control')).toMatchInlineSnapshot(`
    "**websocket-events:** Red on the candidate, green on the reference: it is this revision. [E13]

    |           | revision                                    | failed | passed |
    | --------- | ------------------------------------------- | ------ | --- |
    | candidate | \`chat-backend-20261120t190801z-abcd-1a2b3c\` | 9 of 9 | 0 of 9 |
    | reference | \`chat-backend-00001\`                        | 0 of 9 | 9 of 9 |

    | first | candidate | reference | evidence | test |
    | ----- | --------- | --------- | -------- | --- |
    | F     | FFF       | PPP       | [E13]    | tool_executing names its tool |
    | F     | FFF       | PPP       | [E13]    | tool_completed names its tool |
    | F     | FFF       | PPP       | [E13]    | tool_completed carries results |"
  `);
});

test('the control of many tests shows the first of them, and says once what is noted of all', () => {
  const record = sampleRecord();
  const [one] = record.control;
  if (!one) throw new Error('the sample has no control');
  const note = 'never passed';
  const control = Array.from({ length: 40 }, (_, n) => ({ ...one, test: `test ${n}`, note }));
  const text = sectionOf({ ...record, control: [...control, { ...one, test: 'alone', note: 'slow' }] }, 'Control');
  expect(text.match(/^\| F /gm)).toHaveLength(25);
  expect(text).toMatch(/\n\n- and 16 more tests, all in run\.json\n- 40 tests: never passed\n- alone: slow$/);
});

test('a proof shows both sides with their revisions, and what it rules out', () => {
  const text = sectionOf(sampleRecord(), 'Fix and proof');
  expect(text).toMatch(/\| base \| `chat-backend-20261120t190801z-abcd-1a2b3c` .*\| {4}5 \| {6}5 \| {6}0 \|/);
  expect(text).toMatch(/\| fix {2}\| `chat-backend-20261120t190801z-abcd-4d5e6f` .*\| {4}5 \| {6}0 \| {6}5 \|/);
  expect(text).toContain('The passes rule out a failure rate above 45.1 % (95 % bound)');
});

test('a claim without evidence is unknown, whatever the record says about it', () => {
  const record = sampleRecord();
  const [cause] = record.causes;
  if (!cause) throw new Error('the sample has a cause');
  const bare = { question: 'Why?', claim: 'Confidence 85 %.', status: 'supported' as const, evidence: [] };
  const text = sectionOf({ ...record, causes: [{ ...cause, whys: [bare] }] }, 'Five whys');
  expect(text).toContain('1. **Why?** *Unknown:* Confidence 85 %.');
});

test('passes that cannot be believed have no rate and are no green summary', () => {
  const record = invalidRecord();
  expect(sectionOf(record, 'Summary')).toContain('19 passed; 1 suite of these cannot be believed');
  expect(sectionOf(record, 'Results')).not.toContain('100 %');
});

test.each<[string, RunRecord, string, string]>([
  ['nothing was red', invalidRecord(), 'Control', 'No control run: nothing was red.'],
  ['the run ended before it', blockedRecord(), 'Results', 'Not reached.'],
  ['the run is there now', runningRecord(), 'Results', 'Running now.'],
  ['the run is not there yet', runningRecord(), 'Logs', 'Not reached yet.'],
  ['nothing to fix', blockedRecord(), 'Fix and proof', 'No fix: there was no cause to fix.'],
  [
    'logs that could not be read',
    { ...sampleRecord(), logs: unreadable(sampleRecord()) },
    'Logs',
    '**The logs could not be read:** quota. Nothing is said about their content. [E14]',
  ],
])('an empty section says why: %s', (_story, record, title, text) => {
  expect(sectionOf(record, title)).toContain(text);
});

test('every evidence id leads to its artefact, and a path that leaves the folder leads nowhere', () => {
  const record = sampleRecord();
  const [first, ...rest] = record.evidence;
  if (!first) throw new Error('the sample has evidence');
  const text = renderWorklog({ ...record, evidence: [{ ...first, path: '../../etc/passwd' }, ...rest] });
  expect(text).not.toContain('passwd');
  expect(text).toContain('| `E1` ');
  const defined = new Set([...text.matchAll(/^\[(E\d+)\]: artifacts\/\w+\.json$/gm)].map((match) => match[1]));
  const used = new Set([...text.matchAll(/\[(E\d+)\](?!:)/g)].map((match) => match[1]));
  expect([...used].filter((id) => !defined.has(id))).toEqual([]);
  expect(defined.size).toBe(record.evidence.length - 1);
});

describe('text of strangers is inert', () => {
  const tame = renderWorklog(sampleRecord());
  const hostile = renderWorklog(withHostileText({ ...sampleRecord(), evidence: sampleRecord().evidence }));

  test.each([
    ['headings', /^#+ /gm],
    ['list items', /^\s*(-|\d+\.) /gm],
    ['table rows', /^\|/gm],
  ])('it adds no %s', (_what, shape) => {
    expect(withoutFences(hostile).match(shape)?.length).toBe(withoutFences(tame).match(shape)?.length);
  });

  test.each([
    ['control characters', /[^\P{Cc}\n]/u],
    ['bidi and zero-width characters', /\p{Cf}/u],
    ['HTML', /<(img|!--)/],
    ['mentions', /@someone/],
    ['references', /(Fixes|GH-)\s?#?\d/],
    ['foreign links', /(?<!\\)\]\((?!http:\/\/127\.0\.0\.1)/],
    ['foreign definitions', /^\[E\d+\]: (?!artifacts\/)/m],
  ])('outside of code it has no %s', (_what, shape) => {
    expect(withoutCode(hostile)).not.toMatch(shape);
  });
});

function withoutCode(markdown: string): string {
  return withoutFences(markdown).replace(/(?<![`\\])(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
}

function withoutFences(markdown: string): string {
  return markdown.replace(/^(`{3,})[^`\n]*\n[\s\S]*?\n\1$/gm, '');
}

function headOf(record: RunRecord): string {
  return renderWorklog(record).split('\n\n## ')[0] ?? '';
}

function sectionOf(record: RunRecord, title: string): string {
  const [, rest = ''] = renderWorklog(record).split(`\n## ${title}\n\n`);
  return (rest.split('\n\n## ')[0] ?? '').trim();
}

function unreadable({ logs }: RunRecord): RunRecord['logs'] {
  return logs && { ...logs, unreadable: 'quota', clusters: [], entries: 0 };
}

function move(verified: boolean): RunRecord['trafficMoves'][number] {
  const revisions = { from: 'chat-backend-00001', to: 'chat-backend-00002' };
  const at = '2026-11-20T19:08:20Z';
  const why = 'promoted: every gate was met';
  return { ...blankMove, at, service: 'backend', ...revisions, why, verified, evidence: ['E6'] };
}
