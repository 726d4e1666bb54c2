import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { RunStore } from '../ports/run-store.ts';

const runsLookedAt = 50;

const StoredCollection = z.object({ tests: z.array(z.string()) });

/** What the newest collection of a suite listed, from its stored artefact; empty where there is none, or where it is gone. */
export async function listedTests(
  store: RunStore,
  project: string,
  environment: string,
): Promise<(suite: string) => Promise<readonly string[]>> {
  const runs = (await store.list(runsLookedAt)).filter((run) => run.environment === environment);
  return async (suite) => {
    for (const { id, folder, record } of runs) {
      const found = record.phases.flatMap((phase) => phase.suites).find((one) => one.name === suite);
      const evidence = found?.collected?.evidence[0];
      if (evidence === undefined) continue;
      const stored = (await store.evidence(id)).find((one) => one.id === evidence);
      if (stored) return testsIn(join(project, folder, stored.path));
    }
    return [];
  };
}

async function testsIn(file: string): Promise<readonly string[]> {
  try {
    return StoredCollection.parse(JSON.parse(await readFile(file, 'utf8'))).tests;
  } catch {
    return [];
  }
}
