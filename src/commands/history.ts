import { exitCodes } from '../core/exit-code.ts';
import { inertJson } from '../outputs/inert-json.ts';
import { historyView, testHistories } from '../outputs/views/history-view.ts';
import { type Host, refuse } from './host.ts';
import { openExistingStore } from './open-store.ts';

/** So many results of a test are counted, the newest ones. */
const resultsMax = 200;

interface HistoryCommand {
  /** A part of a test's name; null for all. */
  readonly test: string | null;
  readonly suite: string | null;
  readonly json: boolean;
  readonly env: string;
}

/** `loop history [TEST]`: each test's last outcomes, its rate with its denominator, its durations and its last red run. */
export async function historyCommand({ test, suite, json, env }: HistoryCommand, host: Host): Promise<number> {
  const store = await openExistingStore(host, env);
  if (!store.ok) return refuse(host, store.failure);
  try {
    // No run asks, so no run is left out.
    const { history } = store.value.memory(env, '');
    const tests = testHistories(await history.results({ suite, test, limit: resultsMax }));
    host.stdout.write(json ? tests.map((one) => `${inertJson(one)}\n`).join('') : historyView(tests, { test, suite }));
    return exitCodes.go;
  } finally {
    await store.value.close();
  }
}
