import { type Failure, fail } from '../../core/result.ts';
import type { RevisionFacts } from '../../ports/deployer.ts';
import type { StepResult } from '../../ports/journal.ts';
import type { StageRun } from '../../ports/stage.ts';
import { stepKey } from '../step-key.ts';
import { type CommandRun, foundEarlier, ranCommand } from './command-evidence.ts';
import type { CommandParts, CommandRequest } from './command-request.ts';
import { judgeCommand } from './judge-command.ts';
import { lookForOwn } from './look-for-own.ts';
import { revisionsBefore } from './revisions-before.ts';
import { runDeployCommand } from './run-deploy-command.ts';

/** Only what may work a little later is tried again: a conflict, a platform that is not there. */
const attemptsMax = 3;
const pauseMsFirst = 2_000;

/** Deploys one service by the pipeline's own command; what came of it is read from the platform, never from its words. */
export async function deployByCommand(
  request: CommandRequest,
  parts: CommandParts,
  run: StageRun,
): Promise<CommandRun> {
  for (let attempt = 1; ; attempt += 1) {
    const ran = await oneAttempt(request, attempt, parts, run);
    if (ran.ok || !ran.retry || attempt >= attemptsMax || run.signal.aborted) return ran;
    run.note(`${request.service}: ${ran.failure.message}; tried again (${attempt + 1} of ${attemptsMax})`);
    await parts.sleep(pauseMsFirst * 2 ** (attempt - 1), run.signal);
  }
}

async function oneAttempt(
  request: CommandRequest,
  attempt: number,
  parts: CommandParts,
  run: StageRun,
): Promise<CommandRun> {
  const { service, cloudRun, commit } = request;
  const key = `${request.key}/${attempt}`;
  const before = await revisionsBefore(`${key}/before`, cloudRun, parts, run);
  if (!before.ok) return { ...before, revision: null, transcript: null, retry: false, evidence: [] };
  const step = stepKey(run.record.run.id, request.key);
  const known = { before: before.names, stepKey: step, run: run.record.run.id };
  return run.journal.effect<CommandRun>(
    key,
    { service, commit, step },
    {
      find: () => findEarlier(request, known, parts, run),
      perform: async () => {
        const { argv, end } = await runDeployCommand({ ...request, stepKey: step }, parts, run);
        return ranCommand({ service, argv, end, before: before.names }, run, async (transcript) => {
          const patient = transcript.errors.length === 0 || transcript.saysSuccess;
          const own = await lookForOwn({ cloudRun, known, patient }, parts, run.signal);
          return own.ok ? judgeCommand({ cloudRun, end, transcript }, own.value) : unread(own.failure);
        });
      },
    },
  );
}

/** A platform that cannot be read after the command proves neither success nor failure. */
function unread(failure: Failure) {
  const what = fail(failure.code, `what the deploy command did could not be read: ${failure.message}`, failure.hint);
  return { ...what, revision: null, doubts: [], retry: false };
}

/** How a command ended that ran while loop itself was killed. */
const crashed = { how: 'cancelled', exitCode: null, message: 'loop ended while it ran' } as const;

/**
 * What an attempt made before loop was killed, by its label, or a READY revision of the commit that was there: nothing is run again
 * for it. Days may have passed: what is merely new by now is anyone's.
 */
async function findEarlier(
  request: CommandRequest,
  known: Parameters<typeof lookForOwn>[0]['known'],
  parts: CommandParts,
  run: StageRun,
): Promise<StepResult<CommandRun> | null> {
  const { cloudRun } = request;
  const own = await lookForOwn({ cloudRun, known, patient: false }, parts, run.signal);
  if (own.ok && own.value.is === 'one' && own.value.labelled) {
    const nothingSaid = { errors: [], saysSuccess: false };
    return foundEarlier(judgeCommand({ cloudRun, end: crashed, transcript: nothingSaid }, own.value), run);
  }
  const made = await candidateOfCommit(request, parts, run);
  return made ? foundEarlier({ ok: true, revision: made, doubts: [] }, run) : null;
}

/** Reachable under its tag; what serves already was found stale before this stage. */
async function candidateOfCommit(
  { cloudRun, commit, tag }: CommandRequest,
  { deployer }: CommandParts,
  run: StageRun,
): Promise<RevisionFacts | null> {
  const [revisions, services] = await Promise.all([
    deployer.revisions(cloudRun, run.signal),
    deployer.services([cloudRun], run.signal),
  ]);
  if (!revisions.ok || !services.ok) return null;
  const traffic = services.value.get(cloudRun)?.traffic ?? [];
  const tagged = (name: string) => traffic.some((one) => one.revision === name && one.tag === tag);
  return revisions.value.find((one) => one.ready && one.commit === commit && tagged(one.name)) ?? null;
}
