import type { SelectionFacts } from '../config/selection-facts.ts';
import type { Result } from '../core/result.ts';
import { succeed } from '../core/result.ts';
import { findSelectionFacts } from '../runtime/find-selection-facts.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { loadConfig, planOf, type RunPlan } from '../runtime/run-plan.ts';
import type { Host } from './host.ts';
import { listedTests } from './listed-tests.ts';
import { openExistingStore } from './open-store.ts';

export interface PlannedRun {
  /** With what was found, so that a resumed run selects the same. */
  readonly asked: RunOptions;
  readonly plan: RunPlan;
}

/** What a run would be about, by the files, by history and by the change: reads only. Fails with `config` or `usage`. */
export async function planRun(asked: RunOptions, host: Host): Promise<Result<PlannedRun>> {
  const from = { folder: host.project, env: host.env, startedAt: host.clock.now().toISOString() };
  const config = await loadConfig(asked, from);
  if (!config.ok) return config;
  const found = await findFacts(asked, config.value, host);
  if (!found.ok) return found;
  const whole = { ...asked, found: found.value };
  const plan = planOf(whole, config.value);
  return plan.ok ? succeed({ asked: whole, plan: plan.value }) : plan;
}

async function findFacts(
  asked: RunOptions,
  config: Pick<RunPlan, 'environment' | 'pipeline'>,
  host: Host,
): Promise<Result<SelectionFacts>> {
  const impact = () => host.findImpact(config, asked.ref);
  const { environment } = config.environment;
  const store = await openExistingStore(host, asked.env);
  if (!store.ok) {
    if (store.failure.code !== 'not-found') return store;
    return succeed(
      await findSelectionFacts(asked.focus, config.pipeline, { history: null, listed: async () => [], impact }),
    );
  }
  try {
    const { history } = store.value.memory(environment, '');
    const listed = await listedTests(store.value, host.project, environment);
    return succeed(await findSelectionFacts(asked.focus, config.pipeline, { history, listed, impact }));
  } finally {
    await store.value.close();
  }
}
