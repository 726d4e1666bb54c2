import { knownSecrets } from './compose/known-secrets.ts';
import { findPlace, type Place, type Project } from './compose/place.ts';
import { seedPlace } from './compose/seeding.ts';
import { makeFixers, makeTools, programPath, sleep, type Tools } from './compose/tools.ts';
import type { EnvironmentConfig } from './config/environment.ts';
import type { PipelineConfig } from './config/pipeline.ts';
import type { ImpactFacts } from './config/selection-facts.ts';
import { growingRedactor } from './core/growing-redactor.ts';
import { fail, type Result, succeed } from './core/result.ts';
import type { EmulatorInfo } from './emulator/client.ts';
import { processTester } from './providers/index.ts';
import type { Compose } from './runtime/composition.ts';
import { loopVersion } from './runtime/version.ts';
import { findImpact, unknownImpact } from './stages/find-impact.ts';
import { makeStages } from './stages/index.ts';

/** The one place that knows every stage and every provider by name. */
export function composeIn(project: Project): Compose {
  return async ({ run, plan, store, groups, signal, say }) => {
    const opened = await openPlace({ ...plan, run }, project, say, signal);
    if (!opened.ok) return opened;
    const { place, tools, redact } = opened.value;
    const path = programPath(project.env);
    const tester = groups.watch(processTester(), (group) => store.endedProcess(run, group.pid));
    const fixers = makeFixers(plan.pipeline, {
      repository: tools.repository,
      tester,
      path,
      onStart: (group) => store.startedProcess(run, group, new Date().toISOString()),
    });
    const { environment, pipeline, selection, options, ref, override } = plan;
    const config = { environment, pipeline, selection, options, ref, override, variables: place.variables };
    const stages = makeStages({ ...tools, ...config, tester, fixers, path, version: loopVersion, sleep });
    return succeed({ stages, redact, reap: (group) => tester.reap(group), close: () => tools.clients.close() });
  };
}

/** Starts the embedded environment of the config and fills a new one; for `loop emulate`. */
export async function openEmbedded(
  config: { environment: EnvironmentConfig; pipeline: PipelineConfig },
  project: Project,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Result<EmulatorInfo>> {
  const opened = await openPlace({ ...config, run: null }, project, say, signal);
  if (!opened.ok) return opened;
  await opened.value.tools.clients.close();
  const { embedded } = opened.value.place;
  if (embedded !== null) return succeed(embedded.info);
  return fail('usage', `environment ${config.environment.environment} is not an embedded one`, 'it has no emulator');
}

/** What changed since what serves; for `--focus changed`. Nothing is stored, and nothing but the clone is brought up to date. */
export async function impactIn(
  asked: { environment: EnvironmentConfig; pipeline: PipelineConfig; ref: string | null },
  project: Project,
  say: (line: string) => void,
): Promise<ImpactFacts> {
  // Until the run begins nothing is to be put in order: Ctrl-C just ends this process.
  const { signal } = new AbortController();
  const { environment, pipeline, ref } = asked;
  const opened = await openPlace({ environment, pipeline, run: null }, project, say, signal);
  if (!opened.ok) return unknownImpact(opened.failure.message);
  const { tools } = opened.value;
  try {
    return await findImpact({ services: environment.services, suites: pipeline.suites, ref }, tools, signal);
  } finally {
    await tools.clients.close();
  }
}

async function openPlace(
  config: { environment: EnvironmentConfig; pipeline: PipelineConfig; run: string | null },
  project: Project,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Result<{ place: Place; tools: Tools; redact: (text: string) => string }>> {
  const place = await findPlace(config.environment, project, signal);
  if (!place.ok) return place;
  const redactor = growingRedactor(knownSecrets(config.environment, place.value));
  for (const { message } of redactor.problems) say(message);
  const tools = makeTools(config, project, place.value, redactor, config.run);
  const seeded = await seedPlace(config.environment, { project, place: place.value, tools, say }, signal);
  if (seeded.ok) return succeed({ place: place.value, tools, redact: redactor.text });
  await tools.clients.close();
  return seeded;
}
