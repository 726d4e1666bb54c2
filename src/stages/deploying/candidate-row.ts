import { blankDeployment } from '../../core/blank-rows.ts';
import type { Deployment } from '../../core/record.ts';
import type { Failure } from '../../core/result.ts';
import type { RevisionFacts, ServiceFacts } from '../../ports/deployer.ts';
import { plain } from '../../ports/journal.ts';
import type { StageRun } from '../../ports/stage.ts';
import { rememberKind } from '../allocation-kind.ts';
import { candidateTag } from '../cause-keys.ts';
import { deployRevision } from '../deploy-revision.ts';
import type { StageParts } from '../parts.ts';
import { type BootFacts, bootFacts } from './boot-facts.ts';
import { deployByCommand } from './by-command.ts';

type Parts = Pick<
  StageParts,
  'environment' | 'pipeline' | 'options' | 'deployer' | 'builder' | 'tester' | 'logs' | 'variables' | 'path' | 'sleep'
>;

interface CandidateRequest {
  readonly service: string;
  readonly head: string;
  readonly all: ReadonlyMap<string, ServiceFacts>;
  /** The worktree that deploy commands run in; null where loop deploys by itself. */
  readonly cwd: string | null;
}

/** Deploys one service, the way that the pipeline says, and tells what came of it as a row of the record. */
export function candidateOf(request: CandidateRequest, parts: Parts, run: StageRun): Promise<Deployment> {
  const { cwd } = request;
  return cwd === null ? byApi(request, parts, run) : byCommand({ ...request, cwd }, parts, run);
}

async function byApi({ service, head, all }: CandidateRequest, parts: Parts, run: StageRun): Promise<Deployment> {
  const key = `${run.key}/${service}`;
  const stored = await deployRevision({ key, service, commit: head, tag: candidateTag(head), all }, parts, run);
  const how = 'api' as const;
  if (!stored.ok) {
    const { failure, revision, evidence } = stored;
    const given = { service, head, how, failure, revision, transcript: null, evidence: evidence ? [evidence] : [] };
    return { ...(await failedRow(given, parts, run)), commit: head };
  }
  const { revision, digest, reused, evidence } = stored.value;
  const decision = reused
    ? `${service}: the ready candidate ${revision.name} of HEAD is reused`
    : `${service}: ${revision.name} was deployed at HEAD ${head.slice(0, 12)}`;
  return { ...readyRow({ service, how, revision, evidence: [evidence], decision }, run), commit: head, digest };
}

async function byCommand(
  { service, head, all, cwd }: CandidateRequest & { cwd: string },
  parts: Parts,
  run: StageRun,
): Promise<Deployment> {
  const cloudRun = parts.environment.services[service]?.cloudRun ?? service;
  const request = { key: `${run.key}/${service}`, service, cloudRun, commit: head, tag: candidateTag(head), cwd };
  // A command without traffic pins the service by name too: gcloud does it by itself.
  await rememberKind(service, all.get(cloudRun), run);
  const ran = await deployByCommand(request, parts, run);
  const [how, transcript, evidence] = ['command' as const, ran.transcript, [...ran.evidence]];
  if (ran.ok) {
    const decision = commandDecision(service, head, ran.revision, transcript);
    return { ...readyRow({ service, how, revision: ran.revision, evidence, decision }, run), transcript };
  }
  const { failure } = ran;
  return failedRow(
    { service, head, how, failure, revision: ran.revision?.name ?? null, transcript, evidence },
    parts,
    run,
  );
}

/** What was asked for is no proof of what was deployed: the revision's own label or image tells its commit. */
function commandDecision(
  service: string,
  head: string,
  { name, commit, commitFrom }: RevisionFacts,
  transcript: Deployment['transcript'],
): string {
  const made = transcript === null ? `${name} was there already` : `the deploy command made ${name}`;
  const exit = transcript?.exitCode ? ` and ended with exit code ${transcript.exitCode}` : '';
  if (commit === null) return `${service}: ${made}${exit}; its commit is unknown: it carries no label commit-sha`;
  const which = commit === head ? 'HEAD' : `not HEAD ${head.slice(0, 12)} but`;
  return `${service}: ${made}${exit}; it is ${which} ${commit.slice(0, 12)} by its ${commitFrom}`;
}

function readyRow(
  row: { service: string; how: 'api' | 'command'; revision: RevisionFacts; evidence: string[]; decision: string },
  run: StageRun,
): Deployment {
  const { revision, ...rest } = row;
  return {
    ...blankDeployment,
    ...rest,
    role: 'candidate',
    revision: revision.name,
    image: revision.image,
    digest: revision.digest,
    digestFrom: revision.digestFrom,
    commit: revision.commit,
    commitFrom: revision.commitFrom,
    rung: 'READY',
    ageSeconds: Math.max(0, Math.round((run.now().getTime() - Date.parse(revision.createdAt)) / 1000)),
  };
}

async function failedRow(
  row: {
    service: string;
    head: string;
    how: 'api' | 'command';
    failure: Failure;
    revision: string | null;
    transcript: Deployment['transcript'];
    evidence: string[];
  },
  parts: Parts,
  run: StageRun,
): Promise<Deployment> {
  const { service, head, failure, revision, evidence } = row;
  const { code, message } = failure;
  const cloudRun = parts.environment.services[service]?.cloudRun ?? service;
  const asked = revision !== null && code === 'not-started';
  const request = { key: `${run.key}/${service}/boot`, cloudRun, revision: revision ?? '', message };
  const told: BootFacts | null = asked ? await bootFacts(request, parts, run) : null;
  const facts = told
    ? told.revision
    : revision === null
      ? null
      : await madeAnyway({ ...request, revision }, parts, run);
  return {
    ...blankDeployment,
    service,
    role: 'candidate',
    how: row.how,
    transcript: row.transcript,
    decision: `${service} could not be deployed at ${head.slice(0, 12)}`,
    revision: facts?.name ?? null,
    image: facts?.image ?? null,
    digest: facts?.digest ?? null,
    digestFrom: facts?.digestFrom ?? null,
    commit: facts?.commit ?? null,
    commitFrom: facts?.commitFrom ?? null,
    rung: facts === null ? null : 'REVISION_CREATED',
    failure: { code, message, boot: told?.boot ?? null },
    evidence: [...evidence, ...(told?.boot.evidence ?? [])],
  };
}

/**
 * The revision of a deployment that failed after it was made, e.g. one that ran out of time: it may have traffic now or later, so the
 * record must know its name. Null where the platform has none.
 */
function madeAnyway(
  { key, cloudRun, revision }: { key: string; cloudRun: string; revision: string },
  parts: Parts,
  run: StageRun,
): Promise<RevisionFacts | null> {
  return run.journal.step<RevisionFacts | null>(key, { revision, made: true }, async () => {
    const read = await parts.deployer.revision(cloudRun, revision, run.signal);
    return plain(read.ok ? read.value : null);
  });
}
