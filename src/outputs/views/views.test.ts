import { expect, test } from 'vitest';
import type { RunRecord } from '../../core/record.ts';
import { withHostileText } from '../testing/hostile-record.ts';
import { causeFingerprint } from '../testing/sample-cause.ts';
import { blockedRecord, runningRecord, sampleRecord } from '../testing/sample-record.ts';
import { historyView } from './history-view.ts';
import { listView } from './list-view.ts';
import { statusView } from './status-view.ts';
import { whyView } from './why-view.ts';

test('loop list: one run a line', () => {
  expect(listView([runningRecord(), sampleRecord()])).toMatchInlineSnapshot(`
    "RUN                    STARTED               TOOK    ENVIRONMENT  FOCUS  STATUS            OUTCOME  REASON
    20261120t190801z-abcd  2026-11-20 19:08:01Z  -       local        all    running: testing  none     nothing is judged yet
    20261120t190801z-abcd  2026-11-20 19:08:01Z  26.4 s  local        all    NO-GO             pull     phase safety: 5 of 8 passed = 62.5 %, below its gate of 80 %
    "
  `);
  expect(listView([])).toContain('No run yet');
});

test('a green that proves less than it seems says so in both', () => {
  const record = sampleRecord();
  const thin = 'auth: judged is chat-auth-00001, 6 commits behind HEAD';
  const green = { ...verdictOf(record), value: 'GO' as const, thinBecause: [thin] };
  expect(listView([{ ...record, verdict: green }])).toMatch(/ GO \(thin\) +pull /);
  expect(listView([{ ...record, verdict: { ...green, thinBecause: [] } }])).toMatch(/ GO +pull /);
  expect(statusView({ ...record, verdict: green })).toMatch(
    /^reason .*\nthin because +auth: judged is chat-auth-00001, 6 commits behind HEAD$/m,
  );
});

test('loop status: where the run stands, on one screen', () => {
  expect(statusView(sampleRecord())).toMatchInlineSnapshot(`
    "run        20261120t190801z-abcd, loop --focus all
    status     NO-GO
    reason     phase safety: 5 of 8 passed = 62.5 %, below its gate of 80 %
    started    2026-11-20 19:08:01Z, took 26.4 s
    on         local, pipeline e2e, level act
    deployed   auth stable chat-auth-00001: STABLE
               backend stable chat-backend-00001: STABLE
               frontend stable chat-frontend-00001: STABLE
               auth candidate chat-auth-20261120t190801z-abcd-1a2b3c: HEALTHY
               backend candidate chat-backend-20261120t190801z-abcd-1a2b3c: HEALTHY
               frontend candidate chat-frontend-20261120t190801z-abcd-1a2b3c: HEALTHY
    phase      safety NO-GO: 5 of 8 passed = 62.5 %, gate 80 %
    control    3 tests red on the candidate, green on the reference: it is this revision
    cause      3f9c1a7be204 product: backend sends tool events without tool_name and results
    fix        proven: failed 5 of 5 on the base, passed 5 of 5 with the fix
    serves     auth: chat-auth-00001 100 %
               backend: chat-backend-00001 100 %
               frontend: chat-frontend-00001 100 %
    published  issue #1 created: http://127.0.0.1:4010/demo/chat/issues/1
               pull request #2 created: http://127.0.0.1:4010/demo/chat/pull/2
    next       you: review and merge pull request #2 (its fix is proven and loop never merges)
    exit code  1 (NO-GO)
    "
  `);
});

test.each([
  ['the whole run', null],
  ['a cause', { cause: causeFingerprint }],
  ['its issue', { number: 1 }],
  ['its pull request', { number: 2 }],
])('loop why by %s gives the chain with its evidence and paths', (_story, about) => {
  const text = whyView(sampleRecord(), about);
  for (const link of [
    /^cause +3f9c1a7be204 product/m,
    /^issue +#1 created/m,
    /^pull request +#2 created/m,
    /^control .*candidate FFF, reference PPP.*\[E13\]$/m,
    /^why 2 .*\[E15 E16\]$/m,
    /^suspect +c0ffee123456 backend\/events\.js:14/m,
    /^fix +loop\/fix\/3f9c1a7be204-1 .*\[E18\]$/m,
    /^revision +backend stable chat-backend-00001, commit 4d1f0c2ab9e8 {2}\[E3\]$/m,
    /^E18 +artifacts\/\w+\.json/m,
  ])
    expect(text).toMatch(link);
});

test.each([
  [{ test: null, suite: null }, /^No result yet: a test has one after the first run whose evidence held\.$/],
  [{ test: 'nope', suite: null }, /^No result of a test whose name holds "nope": .* loop history$/],
  [{ test: null, suite: 'auth' }, /^No result of a test of the suite "auth": /],
  [{ test: 'nope', suite: 'auth' }, /^No result of a test whose name holds "nope" of the suite "auth": /],
])('loop history that finds nothing says what was looked for: %j', (asked, says) => {
  expect(historyView([], asked).trimEnd()).toMatch(says);
});

test('loop why says what there is when nothing fits', () => {
  expect(whyView(sampleRecord(), { number: 99 })).toContain(`It has: ${causeFingerprint}`);
  expect(whyView(blockedRecord())).toContain('This run holds no cause.');
});

test('text of strangers cannot act in a view', () => {
  const hostile = withHostileText(sampleRecord());
  const text = [listView([hostile]), statusView(hostile), whyView(hostile)].join('');
  expect(text).not.toMatch(/[^\P{C}\n]/u);
});

function verdictOf({ verdict }: RunRecord): NonNullable<RunRecord['verdict']> {
  if (verdict === null) throw new Error('the sample is judged');
  return verdict;
}
