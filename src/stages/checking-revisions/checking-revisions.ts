import { configHash, resolveServiceEnv } from '../../config/service-env.ts';
import { blankDeployment } from '../../core/blank-rows.ts';
import type { Deployment } from '../../core/record.ts';
import { allows } from '../../core/words.ts';
import type { RevisionFacts, ServiceFacts } from '../../ports/deployer.ts';
import { proven } from '../../ports/journal.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import type { StageParts } from '../parts.ts';
import { servicesInScope } from '../scope.ts';
import { problemOf } from '../trouble.ts';
import { decide } from './decide.ts';
import { missingServices } from './missing-services.ts';

type Parts = Pick<
  StageParts,
  'environment' | 'pipeline' | 'selection' | 'deployer' | 'repository' | 'options' | 'variables' | 'ref'
>;

/** Reads what really serves and decides for each service whether it is HEAD. */
export function checkingRevisions(parts: Parts): Stage<'checkingRevisions'> {
  return async (run) => {
    const names = servicesInScope(parts.selection, parts.environment.services);
    const platform = names.map((name) => parts.environment.services[name]?.cloudRun ?? name);
    const answer = await parts.deployer.services(platform, run.signal);
    if (!answer.ok) {
      const problems = [...run.record.problems, problemOf('checkingRevisions', answer.failure, true)];
      return {
        facts: { fresh: true },
        patch: { problems },
        said: `the platform could not be read: ${answer.failure.message}`,
        ok: false,
      };
    }
    const head = await currentHead(parts, run);
    const judged = { ...run, record: { ...run.record, run: { ...run.record.run, head } } };
    const stable = await Promise.all(names.map((name) => stableOf(name, answer.value, parts, judged)));
    const fresh = stable.every((one) => one.fresh);
    const missing = missingServices(names, new Set(answer.value.keys()), parts);
    const before = isNewCycle(run) ? [] : run.record.problems;
    const patch = {
      run: judged.record.run,
      deployments: stable.map((one) => one.deployment),
      ...(isNewCycle(run) ? { foreignChanges: [] } : {}),
      problems: [...before, ...missing.filter((one) => before.every(({ message }) => message !== one.message))],
      // A new cycle, and a retest after a foreign change, start with clean pages.
      health: [],
      phases: [],
      control: [],
      causes: [],
      logs: null,
      next: parts.options.dryRun
        ? plan(
            stable.map((one) => one.deployment),
            parts,
            fresh,
          )
        : run.record.next,
    };
    return {
      facts: { fresh },
      patch,
      said:
        missing[0]?.message ??
        sentence(
          stable.map((one) => one.deployment),
          fresh,
        ),
      ok: missing.length === 0,
    };
  };
}

/** A new cycle judges the HEAD of its own time; a retest in the same cycle keeps what it was about. */
async function currentHead(parts: Parts, run: StageRun): Promise<string | null> {
  if (!isNewCycle(run)) return run.record.run.head;
  const head = await parts.repository.fetch(parts.ref, run.signal);
  if (!head.ok) run.note(`HEAD could not be read again: ${head.failure.message}`);
  return head.ok ? head.value : run.record.run.head;
}

function isNewCycle({ task }: StageRun): boolean {
  return task.cycle > 1 && task.visit === 1;
}

async function stableOf(name: string, all: ReadonlyMap<string, ServiceFacts>, parts: Parts, run: StageRun) {
  const config = parts.environment.services[name];
  const service = all.get(config?.cloudRun ?? name) ?? null;
  const revision = service?.serving ? await parts.deployer.revision(service.name, service.serving, run.signal) : null;
  const facts = revision?.ok ? revision.value : null;
  const head = run.record.run.head;
  const behind =
    facts?.commit && head && facts.commit !== head ? await countBetween(facts.commit, head, parts, run) : null;
  const urls = Object.fromEntries(
    Object.entries(parts.environment.services).flatMap(([other, { cloudRun }]) => {
      const url = all.get(cloudRun)?.url;
      return url ? [[other, url]] : [];
    }),
  );
  const env = config ? resolveServiceEnv(config, { urls, env: parts.variables }) : null;
  const wantedHash = config && env?.ok ? configHash(config, env.value) : null;
  const now = run.now();
  const decision = decide({
    service: name,
    head,
    revision: facts,
    behind,
    wantedHash,
    now,
    maxAgeMinutes: parts.pipeline.deploy.maxAgeMinutes,
  });
  const evidence = await run.journal.step(`${run.key}/${name}`, { name }, async () => {
    const content = JSON.stringify({ service, revision: facts, head, behind, wantedHash }, null, 2);
    const source = `Cloud Run: service ${config?.cloudRun} and its serving revision`;
    return proven(
      await run.artifacts.put({
        kind: 'deployment',
        source,
        at: now.toISOString(),
        content,
        excerpt: decision.sentence,
      }),
      (id) => id,
    );
  });
  return { fresh: decision.fresh, deployment: deploymentOf(name, service, facts, decision, now, evidence) };
}

async function countBetween(from: string, to: string, parts: Parts, run: StageRun): Promise<number | null> {
  const commits = await parts.repository.commitsBetween(from, to, run.signal);
  return commits.ok ? commits.value.length : null;
}

function deploymentOf(
  name: string,
  service: ServiceFacts | null,
  revision: RevisionFacts | null,
  decision: { sentence: string },
  now: Date,
  evidence: string,
): Deployment {
  return {
    ...blankDeployment,
    service: name,
    role: 'stable',
    revision: service?.serving ?? null,
    image: revision?.image ?? null,
    digest: revision?.digest ?? null,
    digestFrom: revision?.digestFrom ?? null,
    commit: revision?.commit ?? null,
    commitFrom: revision?.commitFrom ?? null,
    rung: revision ? (revision.ready ? 'TRAFFIC' : 'REVISION_CREATED') : null,
    decision: decision.sentence,
    ageSeconds: revision ? Math.round((now.getTime() - Date.parse(revision.createdAt)) / 1000) : null,
    traffic: (service?.traffic ?? []).map(({ revision: target, percent, tag, latest }) => ({
      revision: target,
      percent,
      tag,
      latest,
    })),
    evidence: [evidence],
  };
}

function sentence(deployments: readonly Deployment[], fresh: boolean): string {
  if (fresh)
    return `${deployments.length === 1 ? 'the service runs' : `all ${deployments.length} services run`} HEAD already`;
  const stale = deployments.filter((one) => !one.decision.includes('fresh'));
  const others = stale.slice(1).map((one) => one.service);
  return `${stale[0]?.decision ?? ''}${others.length === 0 ? '' : `; stale too: ${others.join(', ')}`}`;
}

function plan(deployments: readonly Deployment[], parts: Parts, fresh: boolean) {
  const deploys =
    allows(parts.options.level, 'propose') &&
    (parts.options.deploy === 'always' || (parts.options.deploy === 'auto' && !fresh));
  const steps = deploys
    ? deployments.map((one) => ({
        what: `deploy a candidate of ${one.service}`,
        who: 'loop' as const,
        because: one.decision,
      }))
    : [];
  const suites = parts.selection.phases.flatMap((phase) =>
    phase.suites
      .filter((suite) => suite.selected)
      .map((suite) => ({
        what: `run suite ${suite.name} in phase ${phase.name}`,
        who: 'loop' as const,
        because: suite.because,
      })),
  );
  return [...steps, ...suites];
}
