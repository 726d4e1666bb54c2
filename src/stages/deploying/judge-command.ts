import type { DeployTranscript } from '../../analysis/deploy-transcript/deploy-transcript.ts';
import type { TranscriptError } from '../../analysis/deploy-transcript/error-blocks.ts';
import { type ErrorClass, isRetryable } from '../../analysis/deploy-transcript/error-class.ts';
import { type Failure, type FailureCode, fail } from '../../core/result.ts';
import type { RevisionFacts } from '../../ports/deployer.ts';
import type { CommandEnd } from '../../ports/tester.ts';
import { isPending, type OwnRevision } from './own-revision.ts';

export type CommandVerdict =
  | { readonly ok: true; readonly revision: RevisionFacts; readonly doubts: readonly string[] }
  | {
      readonly ok: false;
      readonly failure: Failure;
      /** The revision that did not come up; null when there is none. */
      readonly revision: RevisionFacts | null;
      readonly doubts: readonly string[];
      /** Whether the same command may work a little later. */
      readonly retry: boolean;
    };

type End = Pick<CommandEnd, 'how' | 'exitCode' | 'message'>;

/**
 * What became of a deployment by command. The platform decides: a new ready revision is deployed whatever the command said or
 * exited with, and success that was said is nothing where no revision is new. Words only name the reason of a failure.
 */
export function judgeCommand(
  facts: { cloudRun: string; end: End; transcript: Pick<DeployTranscript, 'errors' | 'saysSuccess'> },
  own: OwnRevision,
): CommandVerdict {
  const { cloudRun, end, transcript } = facts;
  // A command that was refused made nothing: what is new without its label is someone else's.
  if (wasRefused(end, transcript) && own.is !== 'none' && !(own.is === 'one' && own.labelled)) {
    const names = own.is === 'one' ? [own.revision.name] : own.names;
    const doubts = names.map((name) => `${name} is new without a label loop-step: not taken for the command's`);
    return { ...nothingNew(cloudRun, end, transcript), revision: null, doubts };
  }
  switch (own.is) {
    case 'none':
      return { ...nothingNew(cloudRun, end, transcript), revision: null, doubts: [] };
    case 'unclear': {
      const message = `${own.names.length} revisions of ${cloudRun} are new (${own.names.join(', ')}): nobody can tell which one the deploy command made`;
      const failed = fail('conflict', message, 'let the command set the label loop-step to $LOOP_STEP_KEY');
      return { ...failed, revision: null, doubts: [], retry: false };
    }
    case 'one':
      return madeOne(own.revision, own.labelled, end);
  }
}

/** After these a command of ours may have made a revision all the same. */
const noRefusals: readonly ErrorClass[] = ['container-failed-to-start', 'transient', 'unknown'];

/** Whether the command says itself that it did not deploy; an exit code of 0 says more than an error before it. */
function wasRefused(end: End, transcript: Pick<DeployTranscript, 'errors'>): boolean {
  if (end.how === 'not-started') return true;
  if (end.exitCode === 0) return false;
  const error = lastError(transcript);
  return error !== null && !noRefusals.includes(error.class);
}

function madeOne(revision: RevisionFacts, labelled: boolean, end: End): CommandVerdict {
  const doubts = [
    ...(labelled ? [] : [`${revision.name} carries no label loop-step: known as the only revision that is new`]),
    ...(end.how === 'exited' && end.exitCode === 0
      ? []
      : [`the command ${endWords(end)}, but ${revision.name} is there`]),
  ];
  if (revision.ready) return { ok: true, revision, doubts };
  const pending = isPending(revision);
  const message = revision.message ?? `revision ${revision.name} did not become ready`;
  const failed = pending
    ? fail('timeout', `${revision.name} was not ready in time`, 'the platform may still finish it')
    : fail('not-started', message, `read the last log entries of ${revision.name}`);
  return { ...failed, revision, doubts, retry: false };
}

const codes: Readonly<Record<ErrorClass, FailureCode>> = {
  usage: 'usage',
  config: 'config',
  permission: 'permission',
  quota: 'quota',
  conflict: 'conflict',
  build: 'build',
  'container-failed-to-start': 'not-started',
  transient: 'unavailable',
  unknown: 'no-change',
};

function nothingNew(
  cloudRun: string,
  end: End,
  transcript: Pick<DeployTranscript, 'errors' | 'saysSuccess'>,
): ReturnType<typeof fail> & { retry: boolean } {
  const still = `${cloudRun} shows no new revision`;
  if (end.how === 'not-started') {
    const failed = fail('config', `the deploy command could not be run: ${end.message}`, 'check deploy.command.run');
    return { ...failed, retry: false };
  }
  if (end.how === 'timeout' || end.how === 'cancelled') {
    const failed = fail(
      'timeout',
      `the deploy command ${endWords(end)}, and ${still}`,
      'raise deploy.command.timeoutSeconds',
    );
    return { ...failed, retry: false };
  }
  const error = lastError(transcript);
  if (end.exitCode === 0 && (transcript.saysSuccess || error === null)) {
    const said = transcript.saysSuccess ? 'said success' : 'ended with exit code 0';
    return { ...fail('no-change', `the deploy command ${said}, but ${still}`, hint), retry: false };
  }
  if (error === null) {
    return { ...fail('no-change', `the deploy command ${endWords(end)}, and ${still}`, hint), retry: false };
  }
  const message = `the deploy command failed (${error.class}): ${error.text}`;
  return { ...fail(codes[error.class], message, `line ${error.line} of its output`), retry: isRetryable(error.class) };
}

const hint = 'read its output; run it by hand with the same LOOP_* variables';

/** The last one that says what it is: what went wrong first may have been tried again. */
function lastError({ errors }: Pick<DeployTranscript, 'errors'>): TranscriptError | null {
  return errors.findLast((error) => error.class !== 'unknown') ?? errors.at(-1) ?? null;
}

function endWords({ how, exitCode, message }: End): string {
  if (how === 'exited' && exitCode !== null) return `ended with exit code ${exitCode}`;
  return message === null ? 'was stopped' : `was stopped (${message})`;
}
