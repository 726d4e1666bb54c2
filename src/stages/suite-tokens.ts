import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Result, succeed } from '../core/result.ts';
import { type Identity, type IdToken, idTokenMsLeftMin } from '../ports/id-tokens.ts';
import type { StageRun } from '../ports/stage.ts';
import { identityOf } from './identity-of.ts';
import type { StageParts } from './parts.ts';

type Parts = Pick<StageParts, 'environment' | 'deployer' | 'idTokens' | 'sleep'>;

/** After a failure, and where a token lives shortly, it is not asked for more often than this. */
const renewMsMin = 15_000;

export interface SuiteTokens {
  /** By service: the file that holds its token. */
  readonly files: Readonly<Record<string, string>>;
  /** Ends the renewing and removes the files. */
  remove(): Promise<void>;
}

/** Files with ID tokens for the private services of a suite, which lives longer than a token may; only loop's user can read them. */
export async function suiteTokens(
  request: { services: readonly string[]; folder: string },
  parts: Parts,
  run: Pick<StageRun, 'signal' | 'note' | 'now'>,
): Promise<Result<SuiteTokens>> {
  const folder = join(request.folder, 'tokens');
  const stop = new AbortController();
  const signal = AbortSignal.any([run.signal, stop.signal]);
  const files: Record<string, string> = {};
  const renewing: Promise<void>[] = [];
  const remove = async () => {
    stop.abort();
    await Promise.all(renewing);
    await rm(folder, { recursive: true, force: true });
  };
  for (const service of request.services) {
    const identity = await identityOf(service, parts, run.signal);
    if (identity === null) continue;
    const minted = await parts.idTokens.mint(identity, run.signal);
    if (!minted.ok) {
      await remove();
      return minted;
    }
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, service);
    await writeToken(file, minted.value);
    files[service] = file;
    renewing.push(keepFresh({ service, file, identity, first: minted.value }, parts, { ...run, signal }));
  }
  return succeed({ files, remove });
}

async function keepFresh(
  { service, file, identity, first }: { service: string; file: string; identity: Identity; first: IdToken },
  parts: Parts,
  run: Pick<StageRun, 'signal' | 'note' | 'now'>,
): Promise<void> {
  let current = first;
  while (!run.signal.aborted) {
    const leftMs = Date.parse(current.expiresAt) - run.now().getTime();
    await parts.sleep(Math.max(renewMsMin, leftMs - idTokenMsLeftMin), run.signal);
    if (run.signal.aborted) return;
    const minted = await parts.idTokens.mint(identity, run.signal);
    if (run.signal.aborted) return;
    if (!minted.ok) run.note(`the ID token for ${service} was not renewed: ${minted.failure.message}`);
    else if (minted.value.token !== current.token) {
      current = minted.value;
      await writeToken(file, current);
    }
  }
}

/** In one step, so that a suite that reads meanwhile finds the old token or the new one, whole. */
async function writeToken(file: string, { token }: IdToken): Promise<void> {
  const fresh = `${file}.new`;
  await writeFile(fresh, token, { mode: 0o600 });
  await rename(fresh, file);
}
