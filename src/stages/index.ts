import type { Stages } from '../ports/stage.ts';
import { auditing } from './auditing/auditing.ts';
import { checkingHealth } from './checking-health/checking-health.ts';
import { checkingRevisions } from './checking-revisions/checking-revisions.ts';
import { controlling } from './controlling/controlling.ts';
import { deciding } from './deciding/deciding.ts';
import { deploying } from './deploying/deploying.ts';
import { diagnosing } from './diagnosing/diagnosing.ts';
import { fixing } from './fixing/fixing.ts';
import type { StageParts } from './parts.ts';
import { preparing } from './preparing/preparing.ts';
import { promoting } from './promoting/promoting.ts';
import { proving } from './proving/proving.ts';
import { publishing } from './publishing/publishing.ts';
import { readingLogs } from './reading-logs/reading-logs.ts';
import { recording } from './recording/recording.ts';
import { resting } from './resting/resting.ts';
import { revalidating } from './revalidating/revalidating.ts';
import { reverting } from './reverting/reverting.ts';
import { rollingBack } from './rolling-back/rolling-back.ts';
import { testing } from './testing/testing.ts';

/** Every stage, one line each; the machine's states have the same names. */
export function makeStages(parts: StageParts): Stages {
  return {
    preparing: preparing(parts),
    checkingRevisions: checkingRevisions(parts),
    deploying: deploying(parts),
    checkingHealth: checkingHealth(parts),
    testing: testing(parts),
    controlling: controlling(parts),
    rollingBack: rollingBack(parts),
    readingLogs: readingLogs(parts),
    promoting: promoting(parts),
    diagnosing: diagnosing(parts),
    deciding: deciding(parts),
    fixing: fixing(parts),
    auditing: auditing(parts),
    proving: proving(parts),
    reverting: reverting(parts),
    publishing: publishing(parts),
    recording: recording(parts),
    resting: resting(parts),
    revalidating: revalidating(parts),
  };
}
