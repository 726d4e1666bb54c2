import { type DeployTranscript, readTranscript } from '../../analysis/deploy-transcript/deploy-transcript.ts';
import { transcriptSentence } from '../../analysis/deploy-transcript/transcript-words.ts';
import type { Deployment } from '../../core/record.ts';
import type { Failure } from '../../core/result.ts';
import type { RevisionFacts } from '../../ports/deployer.ts';
import { proven, type StepResult } from '../../ports/journal.ts';
import type { StageRun } from '../../ports/stage.ts';
import type { CommandEnd } from '../../ports/tester.ts';
import type { CommandVerdict } from './judge-command.ts';

type Transcript = NonNullable<Deployment['transcript']>;

/** What became of a deploy command, with what it said. Plain JSON, kept in the journal. */
export type CommandRun =
  | {
      readonly ok: true;
      readonly revision: RevisionFacts;
      /** Null where the revision was there already and nothing was run. */
      readonly transcript: Transcript | null;
      /** First the revision as it was read back, then the output. */
      readonly evidence: readonly string[];
    }
  | {
      readonly ok: false;
      readonly failure: Failure;
      readonly revision: RevisionFacts | null;
      readonly transcript: Transcript | null;
      readonly retry: boolean;
      readonly evidence: readonly string[];
    };

/** Keeps the output whole and the platform's answer beside it; `judge` asks the platform, given what was said. */
export async function ranCommand(
  ran: { service: string; argv: readonly string[]; end: CommandEnd; before: readonly string[] },
  run: StageRun,
  judge: (transcript: DeployTranscript) => Promise<CommandVerdict>,
): Promise<StepResult<CommandRun>> {
  const { end, service } = ran;
  // What is clipped to a line of the record must not hold half of a secret, which no door would know any more.
  const clean = Buffer.from(run.redact(Buffer.from(end.output).toString('latin1')), 'latin1');
  const said = readTranscript(clean, end.exitCode);
  const verdict = await judge(said);
  const left = end.outputTruncated ? ['its output was too long: its middle was left out'] : [];
  const { exitCode, saysSuccess, errors } = said;
  const transcript: Transcript = {
    exitCode,
    saysSuccess,
    errors: errors.map((error) => ({ ...error })),
    doubts: [...verdict.doubts, ...left, ...said.doubts],
  };
  const at = run.now().toISOString();
  const { output: _bytes, ...facts } = end;
  const outcome = await run.artifacts.put({
    kind: 'deploy-command',
    source: `the deploy command of ${service}, and Cloud Run's answer after it`,
    at,
    content: JSON.stringify({ service, argv: ran.argv, end: facts, before: ran.before, transcript, verdict }, null, 2),
    excerpt: verdict.ok ? `${verdict.revision.name} is ready` : verdict.failure.message,
  });
  const output = await run.artifacts.put({
    kind: 'console',
    source: `output of the deploy command of ${service}`,
    at,
    content: end.output,
    excerpt: transcriptSentence(said),
  });
  return {
    artifacts: [outcome, output],
    value: (evidence) =>
      verdict.ok
        ? { ok: true, revision: verdict.revision, transcript, evidence: [...evidence] }
        : {
            ok: false,
            failure: verdict.failure,
            revision: verdict.revision,
            transcript,
            retry: verdict.retry,
            evidence: [...evidence],
          },
  };
}

/** A revision that is there already: nothing was run for it now. What is doubted of it stands where a transcript would. */
export async function foundEarlier(verdict: CommandVerdict, run: StageRun): Promise<StepResult<CommandRun>> {
  const { revision, doubts } = verdict;
  const transcript =
    doubts.length === 0 ? null : { exitCode: null, saysSuccess: false, errors: [], doubts: [...doubts] };
  const artifact = await run.artifacts.put({
    kind: 'revision',
    source: `Cloud Run: revision ${revision?.name}, read back`,
    at: run.now().toISOString(),
    content: JSON.stringify(verdict, null, 2),
    excerpt: `${revision?.name} is ${revision?.ready ? 'ready' : 'not ready'}, image ${revision?.image}`,
  });
  return proven(artifact, (evidence) =>
    verdict.ok
      ? { ok: true, revision: verdict.revision, transcript, evidence: [evidence] }
      : { ...verdict, transcript, retry: false, evidence: [evidence] },
  );
}
