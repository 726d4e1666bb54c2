import type { RunRecord } from '../core/record.ts';
import { recordJsonSchema } from '../core/record-schema.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import { inertJson } from '../outputs/inert-json.ts';
import { listView } from '../outputs/views/list-view.ts';
import { statusView } from '../outputs/views/status-view.ts';
import { type WhyAbout, whyView } from '../outputs/views/why-view.ts';
import { renderWorklog } from '../outputs/worklog/render-worklog.ts';
import type { RunStore } from '../ports/run-store.ts';
import { findRun, knownRecord } from './find-run.ts';
import { type Host, refuse } from './host.ts';
import { openExistingStore } from './open-store.ts';

const runsListed = 20;
const runsSearched = 200;

/** `loop list`: the newest runs. */
export async function listCommand({ env }: { env: string }, host: Host): Promise<number> {
  const store = await openExistingStore(host, env);
  if (!store.ok && store.failure.code === 'not-found') {
    host.stdout.write(listView([]));
    return 0;
  }
  if (!store.ok) return refuse(host, store.failure);
  try {
    const runs = await store.value.list(runsListed);
    const records: RunRecord[] = [];
    for (const run of runs) records.push(await knownRecord(store.value, run));
    host.stdout.write(listView(records));
    return 0;
  } finally {
    await store.value.close();
  }
}

interface ReadCommand {
  readonly run: string | undefined;
  readonly env: string;
}

/** `loop status [RUN]`: where one run stands, on one screen. */
export function statusCommand(asked: ReadCommand, host: Host): Promise<number> {
  return print(asked.env, host, async (store) => view(await recordOf(store, asked.run), statusView));
}

/** `loop show RUN`: its worklog, or the whole record; `--schema` tells the record's shape and needs no run. */
export async function showCommand(
  asked: ReadCommand & { readonly json: boolean; readonly schema: boolean },
  host: Host,
): Promise<number> {
  if (asked.schema) {
    host.stdout.write(`${JSON.stringify(recordJsonSchema(), null, 2)}\n`);
    return 0;
  }
  const show = (record: RunRecord) => (asked.json ? `${inertJson(record, 2)}\n` : renderWorklog(record));
  return print(asked.env, host, async (store) => view(await recordOf(store, asked.run), show));
}

/** `loop why RUN|CAUSE|ISSUE`: the chain from what was seen to what was published, each link with its evidence. */
export function whyCommand(asked: { readonly about: string; readonly env: string }, host: Host): Promise<number> {
  return print(asked.env, host, async (store) => {
    const found = await aboutOf(store, asked.about);
    return found.ok ? succeed(whyView(found.value.record, found.value.about)) : found;
  });
}

async function print(env: string, host: Host, make: (store: RunStore) => Promise<Result<string>>): Promise<number> {
  const store = await openExistingStore(host, env);
  if (!store.ok) return refuse(host, store.failure);
  try {
    const text = await make(store.value);
    if (!text.ok) return refuse(host, text.failure);
    host.stdout.write(text.value);
    return 0;
  } finally {
    await store.value.close();
  }
}

async function recordOf(store: RunStore, asked: string | undefined): Promise<Result<RunRecord>> {
  const run = await findRun(store, asked);
  return run.ok ? succeed(await knownRecord(store, run.value)) : run;
}

function view(record: Result<RunRecord>, show: (record: RunRecord) => string): Result<string> {
  return record.ok ? succeed(show(record.value)) : record;
}

/** `#12` or `12` is an issue or pull request, hex digits a cause; both are looked for in the newest run that tells of them. */
async function aboutOf(store: RunStore, asked: string): Promise<Result<{ record: RunRecord; about: WhyAbout }>> {
  const number = /^#?(\d{1,7})$/.exec(asked)?.[1];
  const cause = /^[0-9a-f]{6,64}$/.test(asked) ? asked : null;
  if (number !== undefined || cause !== null) {
    for (const run of await store.list(runsSearched)) {
      const about = aboutIn(run.record, number === undefined ? null : Number(number), cause);
      if (about !== null) return succeed({ record: await knownRecord(store, run), about });
    }
    if (number !== undefined)
      return fail('not-found', `no run tells of issue or pull request #${number}`, 'loop list shows all runs');
  }
  const record = await recordOf(store, asked);
  if (record.ok) return succeed({ record: record.value, about: null });
  return cause === null
    ? record
    : fail('not-found', `there is no run and no cause ${asked}`, 'loop list shows all runs');
}

function aboutIn(record: RunRecord, number: number | null, cause: string | null): WhyAbout {
  if (number !== null) return record.published.some((one) => one.number === number) ? { number } : null;
  const found = record.causes.find((one) => cause !== null && one.fingerprint.startsWith(cause));
  return found ? { cause: found.fingerprint } : null;
}
