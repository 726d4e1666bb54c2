import { describe, expect, test } from 'vitest';
import { tell } from '../runtime/machine-walk.ts';
import { storiesIn } from './machine-story.ts';

const up = 'preparing checkingRevisions deploying checkingHealth';
const again = 'checkingRevisions deploying checkingHealth testing';
const toCause = `${up} testing controlling readingLogs diagnosing deciding`;
const end = 'publishing recording finished';
const issue = `readingLogs diagnosing deciding ${end}`;
const red = 'test:red control:red';
const proven = `${red} decide:fix fix:fixed audit:passed prove:holds`;

/** A table of stories, three lines each. Every one is a crash story too: see `MachineWalk`. */
function stories(title: string): (text: TemplateStringsArray, ...parts: string[]) => void {
  return (text, ...parts) =>
    describe(title, () => {
      test.each(storiesIn(String.raw(text, ...parts)))('%s', (_title, line, path) => expect(tell(line)).toBe(path));
    });
}

stories('a good commit')`
  is tested phase by phase and gets the traffic
    --phases=2 revisions:stale deploy:up health:ok test:met test:met logs:move promote:held
      ${up} testing testing readingLogs promoting ${end} -> GO
  that serves already is tested where it is
    revisions:fresh test:met logs:still
      preparing checkingRevisions checkingHealth testing readingLogs ${end} -> GO
  with a red test inside its gate is controlled first
    test:met-but-red control:red-on-both logs:move promote:held
      ${up} testing controlling readingLogs promoting ${end} -> GO
  under a partial focus moves no traffic
    --partial test:met logs:move
      ${up} testing readingLogs ${end} -> GO
  that is worse with traffic gives it back
    test:met logs:move promote:worse back:moved decide:issue
      ${up} testing readingLogs promoting rollingBack diagnosing deciding ${end} -> NO-GO
`;

stories('a budget for flaky tests')`
  that saves a gate lets the next phase be tested
    --phases=2 test:red control:flaky test:met logs:move promote:held
      ${up} testing controlling testing readingLogs promoting ${end} -> GO
  that saves a phase in the middle lets the rest of it be tested
    --phases=2 test:red control:flaky-so-far test:met test:met logs:move promote:held
      ${up} testing controlling testing testing readingLogs promoting ${end} -> GO
  that saves the last phase ends the tests
    test:red control:flaky logs:move promote:held
      ${up} testing controlling readingLogs promoting ${end} -> GO
  does not save the phase behind it
    --phases=2 test:red control:flaky test:red control:red decide:issue
      ${up} testing controlling testing controlling ${issue} -> NO-GO
`;

stories('an override')`
  lets what comes after a lost gate be tested, and all that is red be controlled once
    --override --phases=2 test:red test:red control:red decide:issue
      ${up} testing testing controlling ${issue} -> NO-GO
  goes on behind a phase that is no evidence
    --override --phases=2 test:invalid test:red control:red decide:issue
      ${up} testing testing controlling ${issue} -> NO-GO
  does not go on while somebody else changes the ground
    --override --phases=2 test:foreign test:red test:red control:red decide:issue
      ${up} testing ${again} testing controlling ${issue} -> NO-GO
  moves no traffic forward
    --override --phases=2 test:red test:red control:red logs:move decide:issue
      ${up} testing testing controlling ${issue} -> NO-GO
`;

stories('a promotion')`
  that cannot be proven goes back
    test:met logs:move promote:unproven back:moved decide:none
      ${up} testing readingLogs promoting rollingBack diagnosing deciding ${end} -> INVALID
  that the platform refuses says nothing about the candidate
    test:met logs:move promote:refused decide:none
      ${up} testing readingLogs promoting diagnosing deciding ${end} -> BLOCKED
`;

stories('a candidate that serves before it is proven')`
  gives the traffic back when the run is cancelled while it is deployed
    --serves-unproven deploy:cancel back:moved
      preparing checkingRevisions deploying rollingBack reverting recording finished -> no verdict, cancelled
  and while it is tested
    --serves-unproven test:cancel back:moved
      ${up} testing rollingBack recording finished -> no verdict, cancelled
  and when the time is up
    --serves-unproven test:expire back:moved
      ${up} testing rollingBack ${end} -> INVALID, expired
  and when it is up while it is deployed
    --serves-unproven deploy:expire back:moved
      preparing checkingRevisions deploying rollingBack reverting ${end} -> INVALID, expired
  and when a stage breaks
    --serves-unproven test:red control:broke back:moved
      ${up} testing controlling rollingBack recording finished -> NO-GO, broke in controlling
  and when the logs cannot be read for a bug
    --serves-unproven test:met logs:broke back:moved
      ${up} testing readingLogs rollingBack recording finished -> GO, broke in readingLogs
  across a migration not without a person
    --serves-unproven health:expire back:migration
      ${up} rollingBack awaitingApproval -> INVALID, expired
  and a person's yes gives it back
    --serves-unproven deploy:expire back:migration approve back:moved
      preparing checkingRevisions deploying rollingBack awaitingApproval revalidating rollingBack reverting ${end} -> INVALID, expired
  and a cancel asks nobody
    --serves-unproven health:cancel back:migration
      ${up} rollingBack recording finished -> no verdict, cancelled
  keeps it below level act, where nobody moves any
    --serves-unproven --level=propose test:cancel
      ${up} testing recording finished -> no verdict, cancelled
  keeps what it has when nothing was deployed
    --serves-unproven --deploy=never test:cancel
      preparing checkingRevisions checkingHealth testing recording finished -> no verdict, cancelled
`;

stories('what the command line asks for')`
  --dry-run ends in a plan
    --dry-run revisions:stale
      preparing checkingRevisions recording finished -> no verdict
  --dry-run goes round once, whatever --cycles says
    --dry-run --cycles=3
      preparing checkingRevisions recording finished -> no verdict
  --deploy never tests what serves
    --deploy=never revisions:stale test:met
      preparing checkingRevisions checkingHealth testing readingLogs ${end} -> GO
  --deploy always deploys what serves already
    --deploy=always revisions:fresh deploy:up test:met
      ${up} testing readingLogs ${end} -> GO
  level observe deploys nothing
    --level=observe revisions:stale test:met logs:move
      preparing checkingRevisions checkingHealth testing readingLogs ${end} -> GO
  level report moves no traffic back
    --level=report health:bad-with-traffic decide:issue
      preparing checkingRevisions checkingHealth ${issue} -> NO-GO
  level propose deploys but does not promote
    --level=propose deploy:up test:met logs:move
      ${up} testing readingLogs ${end} -> GO
  level propose moves no traffic back
    --level=propose test:red control:bad-with-traffic decide:issue
      ${up} testing controlling ${issue} -> NO-GO
  --cycles 2 rests in between
    --cycles=2 test:met record rest test:met
      ${up} testing readingLogs publishing recording resting ${again} readingLogs ${end} -> GO
  --until-green goes on after a NO-GO and stops at the first GO
    --until-green ${red} decide:issue rest test:met
      ${toCause} publishing recording resting ${again} readingLogs ${end} -> GO
  --until-green does not repeat what could not be prepared
    --until-green prepare:unreachable
      preparing recording finished -> BLOCKED
`;

stories('a deployment')`
  that fails for its own reason is a NO-GO
    deploy:none decide:issue
      preparing checkingRevisions deploying ${issue} -> NO-GO
  that the platform refuses is BLOCKED
    deploy:refused decide:none
      preparing checkingRevisions deploying ${issue} -> BLOCKED
  of which nothing is up on both sides is BLOCKED
    deploy:none-on-both decide:none
      preparing checkingRevisions deploying ${issue} -> BLOCKED
  that is up in part is tested as far as it goes
    deploy:partly test:met decide:issue
      ${up} testing ${issue} -> NO-GO
  that is bad and has traffic gives it back before logs are read
    deploy:bad-with-traffic back:moved decide:issue
      preparing checkingRevisions deploying rollingBack ${issue} -> NO-GO
`;

stories('health')`
  of nothing that could be tested is BLOCKED
    health:all-down decide:none
      ${up} ${issue} -> BLOCKED
  of a candidate alone that is down is a NO-GO
    health:candidate-down decide:issue
      ${up} ${issue} -> NO-GO
  of a candidate with traffic that is down gives it back
    health:bad-with-traffic back:moved decide:issue
      ${up} rollingBack ${issue} -> NO-GO
`;

stories('a bad commit')`
  gets its issue and the pull request of a fix that holds
    ${proven}
      ${toCause} fixing auditing proving ${end} -> NO-GO
  whose fix does not hold twice gets an issue
    ${red} decide:fix fix:fixed prove:fails decide:fix fix:fixed prove:fails decide:issue
      ${toCause} fixing auditing proving reverting deciding fixing auditing proving reverting deciding ${end} -> NO-GO
  with two causes, one fixable
    ${proven} publish:more decide:issue-B
      ${toCause} fixing auditing proving publishing deciding ${end} -> NO-GO
  whose fixer changes nothing
    ${red} decide:fix fix:no-op decide:issue
      ${toCause} fixing reverting deciding ${end} -> NO-GO
  whose fix weakens tests
    ${red} decide:fix fix:weakened-tests decide:issue
      ${toCause} fixing reverting deciding ${end} -> NO-GO
  whose fix fails an audit
    ${red} decide:fix fix:fixed audit:failed decide:issue
      ${toCause} fixing auditing reverting deciding ${end} -> NO-GO
  whose proven pull request is open gets no second one
    ${red} decide:open
      ${toCause} ${end} -> NO-GO
  with traffic gives it back before logs are read
    test:red control:bad-with-traffic back:moved decide:issue
      ${up} testing controlling rollingBack ${issue} -> NO-GO
  whose traffic cannot be moved back goes on, shouting
    test:red control:bad-with-traffic back:failed decide:issue
      ${up} testing controlling rollingBack ${issue} -> NO-GO
  that is no worse than the reference keeps its traffic
    test:red control:both-with-traffic decide:issue
      ${up} testing controlling ${issue} -> NO-GO
  in the first phase keeps the second from being tested
    --phases=2 ${red} decide:issue
      ${toCause} ${end} -> NO-GO
`;

stories('evidence that does not hold')`
  is INVALID, without a control
    test:invalid decide:none
      ${up} testing ${issue} -> INVALID
`;

stories('someone else changes a service')`
  once while testing: tested again
    test:foreign test:met
      ${up} testing ${again} readingLogs ${end} -> GO
  once while controlling
    test:red control:foreign test:met
      ${up} testing controlling ${again} readingLogs ${end} -> GO
  once while proving
    ${red} decide:fix fix:fixed prove:foreign test:met
      ${toCause} fixing auditing proving ${again} readingLogs ${end} -> GO
  once while promoting
    test:met logs:move promote:foreign test:met
      ${up} testing readingLogs promoting ${again} readingLogs ${end} -> GO
  twice while testing: void
    test:foreign test:foreign
      ${up} testing ${again} recording finished -> INVALID
  twice while controlling
    test:red control:foreign test:red control:foreign
      ${up} testing controlling ${again} controlling recording finished -> INVALID
  while testing, then while proving
    test:foreign ${red} decide:fix fix:fixed prove:foreign
      ${up} testing ${again} controlling readingLogs diagnosing deciding fixing auditing proving recording finished -> INVALID
  while testing, then while promoting
    test:foreign test:met logs:move promote:foreign
      ${up} testing ${again} readingLogs promoting recording finished -> INVALID
  and the second phase begins with the first again
    --phases=2 test:met test:foreign test:met test:met
      ${up} testing testing ${again} testing readingLogs ${end} -> GO
`;
