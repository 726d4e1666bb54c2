import { fail } from '../core/result.ts';
import { inertJson } from '../outputs/inert-json.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { startRun } from '../runtime/start-run.ts';
import { type Host, refuse } from './host.ts';
import { openStore } from './open-store.ts';
import { planRun } from './plan-run.ts';
import { planJson, planView } from './plan-view.ts';
import { workIn } from './work.ts';

export interface RunCommand {
  readonly asked: RunOptions;
  /** Print what would run and why; nothing is started but, for `changed`, the embedded environment. */
  readonly list: boolean;
  readonly json: boolean;
}

/** `loop run`: one whole turn of the loop, or its plan with `--list`. */
export async function runCommand({ asked, list, json }: RunCommand, host: Host): Promise<number> {
  if (asked.force && asked.override === null) return refuse(host, noReason);
  const planned = await planRun(asked, host);
  if (!planned.ok) return refuse(host, planned.failure);
  const { plan } = planned.value;
  if (list) {
    host.stdout.write(json ? `${inertJson(planJson(plan), 2)}\n` : planView(plan));
    return 0;
  }
  if (asked.focus.length === 0) return refuse(host, nothingToTest);
  if (plan.environment.endpoints !== 'emulator' && !host.env.GITHUB_TOKEN) return refuse(host, noToken);
  const store = await openStore(host, plan.environment.store);
  if (!store.ok) return refuse(host, store.failure);
  try {
    const request = { ...planned.value, command: host.command };
    return await workIn(host, store.value, json, (parts) => startRun(request, parts));
  } finally {
    await store.value.close();
  }
}

const { failure: nothingToTest } = fail(
  'usage',
  'say what to test',
  'everything: loop --focus all; what there is: loop --list',
);
const { failure: noReason } = fail(
  'usage',
  '--force needs a reason',
  'say why, it is told in the record: --force --override "REASON"',
);
const { failure: noToken } = fail(
  'config',
  'GITHUB_TOKEN is not set',
  'give a token that may read the repository, write issues and open pull requests',
);
