import { describe, expect, test } from 'vitest';
import { tell, told } from '../runtime/machine-walk.ts';
import { storiesIn } from './machine-story.ts';

const up = 'preparing checkingRevisions deploying checkingHealth';
const again = 'checkingRevisions deploying checkingHealth testing';
const toCause = `${up} testing controlling readingLogs diagnosing deciding`;
const end = 'publishing recording finished';
const issue = `readingLogs diagnosing deciding ${end}`;
const red = 'test:red control:red';
const proven = `${red} decide:fix fix:fixed audit:passed prove:holds`;
const toFix = `${toCause} awaitingApproval`;
const toPull = `${toCause} fixing auditing proving awaitingApproval`;
const toTraffic = `${up} testing readingLogs awaitingApproval`;
const migration = 'test:red control:bad-with-traffic back:migration';
const toMigration = `${up} testing controlling rollingBack awaitingApproval`;

const questions = `
  for a fix, and the run waits
    --approve=fix ${red} decide:fix
      ${toFix} -> NO-GO
  for a fix: approved
    --approve=fix ${red} decide:fix approve fix:fixed prove:holds
      ${toFix} revalidating fixing auditing proving ${end} -> NO-GO
  for a fix: approved, but HEAD moved on
    --approve=fix ${red} decide:fix approve revalidate:moved-on test:met
      ${toFix} revalidating ${again} readingLogs ${end} -> GO
  for a fix: an approval is for one world, not for the next
    --approve=fix ${red} decide:fix approve revalidate:moved-on ${red} decide:fix
      ${toFix} revalidating ${again} controlling readingLogs diagnosing deciding awaitingApproval -> NO-GO
  for a fix: HEAD moved on, then someone else deploys: that is the first time
    --approve=fix ${red} decide:fix approve revalidate:moved-on test:foreign test:met
      ${toFix} revalidating ${again} ${again} readingLogs ${end} -> GO
  for a fix: refused, so no fix but the issue
    --approve=fix ${red} decide:fix reject decide:issue
      ${toFix} reverting deciding ${end} -> NO-GO
  for a fix: refused, and a fix is chosen all the same
    --approve=fix ${red} decide:fix reject decide:fix
      ${toFix} reverting deciding ${end} -> NO-GO
  for a fix: nobody answered
    --approve=fix ${red} decide:fix lapse decide:issue
      ${toFix} reverting deciding ${end} -> NO-GO
  for a fix of one cause: the next cause is asked for by itself
    --approve=fix ${red} decide:fix approve fix:fixed prove:holds publish:more decide:fix-B
      ${toFix} revalidating fixing auditing proving publishing deciding awaitingApproval -> NO-GO
  for a fix of one cause: refused does not count for the next
    ${red} decide:fix fix:fixed prove:holds publish:more decide:fix-B fix:fixed prove:holds
      ${toCause} fixing auditing proving publishing deciding fixing auditing proving ${end} -> NO-GO
  for a pull request: approved
    --approve=pull ${proven} approve
      ${toPull} revalidating ${end} -> NO-GO
  for a pull request: refused
    --approve=pull ${proven} reject decide:issue
      ${toPull} reverting deciding ${end} -> NO-GO
  for a pull request: nobody answered
    --approve=pull ${proven} lapse decide:issue
      ${toPull} reverting deciding ${end} -> NO-GO
  for traffic: approved
    --approve=traffic test:met logs:move approve promote:held
      ${toTraffic} revalidating promoting ${end} -> GO
  for traffic: refused
    --approve=traffic test:met logs:move reject
      ${toTraffic} ${end} -> GO
  for traffic: nobody answered
    --approve=traffic test:met logs:move lapse
      ${toTraffic} ${end} -> GO
  for traffic: approved, but HEAD moved on: asked again
    --approve=traffic test:met logs:move approve revalidate:moved-on test:met logs:move
      ${toTraffic} revalidating ${again} readingLogs awaitingApproval -> GO
  where a migration forbids the way back: approved
    ${migration} approve back:moved decide:issue
      ${toMigration} revalidating rollingBack ${issue} -> NO-GO
  where a migration forbids the way back: refused
    ${migration} reject
      ${toMigration} ${end} -> NO-GO
  where a migration forbids the way back: nobody answered
    ${migration} lapse
      ${toMigration} ${end} -> NO-GO
  where a migration forbids the way back: approved, and it breaks
    ${migration} approve back:broke decide:issue
      ${toMigration} revalidating rollingBack ${issue} -> NO-GO, broke in rollingBack
  for a fix: cancelled
    --approve=fix ${red} decide:fix cancel
      ${toFix} reverting recording finished -> NO-GO, cancelled
  for traffic: cancelled
    --approve=traffic test:met logs:move cancel
      ${toTraffic} recording finished -> GO, cancelled
  and a crash while the run waits loses nothing
    --approve=fix ${red} decide:fix ctrl-c
      ${toFix} -> NO-GO
`;

describe('a person is asked', () => {
  test.each(storiesIn(questions))('%s', (_title, line, path) => expect(tell(line)).toBe(path));
});

test('to let traffic forward is not to let it back across a migration', () => {
  const forward = '--approve=traffic test:met logs:move approve promote:worse';
  const asked = told(`${forward} back:migration`);
  const before = told(forward);
  before.until('rollingBack');
  expect(before.task).toMatchObject({ stage: 'rollingBack', trafficApproved: false });
  expect(asked.snapshot.value).toBe('awaitingApproval');
  asked.happens('approve');
  asked.until('rollingBack');
  expect(asked.task).toMatchObject({ stage: 'rollingBack', trafficApproved: true });
});

test('a parked run waits for people only', () => {
  const { snapshot, task } = told(`--approve=fix ${red} decide:fix`);
  const words = ['approve', 'reject', 'approvalExpired', 'cancel', 'expire'] as const;
  expect(words.filter((type) => snapshot.can({ type }))).toEqual(['approve', 'reject', 'approvalExpired', 'cancel']);
  expect(task).toBeNull();
});
