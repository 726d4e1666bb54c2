import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnvironmentConfig } from '../config/environment.ts';
import { fail, type Result } from '../core/result.ts';
import type { Deployer } from '../ports/deployer.ts';
import type { Identity, IdToken } from '../ports/id-tokens.ts';
import { suiteTokens } from './suite-tokens.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loop-tokens-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const serviceAccount = 'caller@demo.iam.gserviceaccount.com';
const environment = EnvironmentConfig.parse({
  environment: 'local',
  project: 'demo',
  region: 'local',
  repository: { owner: 'demo', name: 'chat' },
  services: {
    page: { cloudRun: 'chat-page', path: 'page' },
    api: { cloudRun: 'chat-api', path: 'api', private: { serviceAccount, audience: 'https://api.example' } },
    own: { cloudRun: 'chat-own', path: 'own', private: { serviceAccount } },
  },
});
const start = Date.parse('2026-11-21T12:00:00Z');

/** A clock that moves as fast as somebody sleeps, and a mint whose tokens last an hour. */
function world(mintOf: (nth: number) => Result<IdToken> | null = () => null) {
  const asked: Identity[] = [];
  const slept: number[] = [];
  const notes: string[] = [];
  const wakes: (() => void)[] = [];
  let nowMs = start;
  const parts = {
    environment,
    // The one answer that is asked of the platform: the service's own address, beside a tag's.
    deployer: {
      services: async () => ({ ok: true, value: new Map([['chat-own', { url: 'https://chat-own.run.app' }]]) }),
    } as unknown as Deployer,
    idTokens: {
      mint: async (identity: Identity) => {
        asked.push(identity);
        const value = { token: `token-${asked.length}`, expiresAt: new Date(nowMs + 3_600_000).toISOString() };
        return mintOf(asked.length) ?? { ok: true as const, value };
      },
    },
    sleep: (ms: number, signal: AbortSignal) => {
      slept.push(ms);
      return new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        wakes.push(() => {
          nowMs += ms;
          resolve();
        });
      });
    },
  };
  const run = {
    signal: new AbortController().signal,
    note: (what: string) => void notes.push(what),
    now: () => new Date(nowMs),
  };
  /** Lets the sleepers wake up, and waits until they sleep again. */
  const passes = async () => {
    const before = slept.length;
    for (const wake of wakes.splice(0)) wake();
    while (slept.length === before) await new Promise((resolve) => setImmediate(resolve));
  };
  return { parts, run, asked, slept, notes, passes };
}

test('private services only, each for its own audience, in files that only their owner reads, gone at the end', async () => {
  const { parts, run, asked } = world();
  const tokens = await suiteTokens({ services: ['page', 'api', 'own'], folder }, parts, run);
  if (!tokens.ok) throw new Error(tokens.failure.message);
  expect(asked.map((one) => one.audience)).toEqual(['https://api.example', 'https://chat-own.run.app']);
  const { files } = tokens.value;
  expect(Object.keys(files)).toEqual(['api', 'own']);
  expect(readFileSync(files.api ?? '', 'utf8')).toBe('token-1');
  for (const file of Object.values(files)) expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
  await tokens.value.remove();
  expect(existsSync(join(folder, 'tokens'))).toBe(false);
});

test('renewed ten minutes before the end, and again after a failure', async () => {
  const { parts, run, slept, notes, passes } = world((nth) => (nth === 2 ? fail('unavailable', 'busy') : null));
  const tokens = await suiteTokens({ services: ['api'], folder }, parts, run);
  if (!tokens.ok) throw new Error(tokens.failure.message);
  const read = () => readFileSync(tokens.value.files.api ?? '', 'utf8');
  expect(slept).toEqual([50 * 60_000]);
  await passes();
  expect(read()).toBe('token-1');
  expect(notes).toEqual(['the ID token for api was not renewed: busy']);
  await passes();
  expect(read()).toBe('token-3');
  expect(slept).toEqual([50 * 60_000, 15_000, 50 * 60_000]);
  await tokens.value.remove();
});

test('without a token the suite is not begun, and nothing is left', async () => {
  const { parts, run } = world((nth) => (nth === 2 ? fail('permission', 'may not impersonate') : null));
  const tokens = await suiteTokens({ services: ['api', 'own'], folder }, parts, run);
  expect(tokens).toMatchObject({ ok: false, failure: { code: 'permission' } });
  expect(existsSync(join(folder, 'tokens'))).toBe(false);
});
