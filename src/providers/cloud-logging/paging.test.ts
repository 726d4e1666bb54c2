import { afterEach, describe, expect, it } from 'vitest';
import { googleClients } from '../google/clients.ts';
import { fakeLoggingServer } from '../google/fake-logging-server.ts';
import { cloudLogging } from './cloud-logging.ts';

const signal = new AbortController().signal;
const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

/** A log of `total` entries, in pages of at most `pageMax`, with `empty` pages without entries first. */
async function logOf({ total, pageMax = 1_000, empty = 0 }: { total: number; pageMax?: number; empty?: number }) {
  const server = await fakeLoggingServer(({ pageSize, pageToken }) => {
    const [skipped = 0, from = 0] = pageToken === '' ? [] : pageToken.split('/').map(Number);
    if (skipped < empty) return { entries: [], nextPageToken: `${skipped + 1}/0` };
    const to = Math.min(from + Math.min(pageSize, pageMax), total);
    const entries = Array.from({ length: to - from }, (_, i) => ({ insertId: `i${from + i}`, textPayload: 'x' }));
    return { entries, nextPageToken: to < total ? `${skipped}/${to}` : '' };
  });
  const clients = googleClients({ project: 'demo', userAgent: 'loop/test', endpoints: { logging: server.url } });
  toClose.push(server.close, () => clients.close());
  return { server, logs: cloudLogging({ clients, project: 'demo', redact: (text) => text }) };
}

const query = { services: ['a'], from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };

describe('pages are read until the log or the limit ends, and a cut answer says so', () => {
  it.each([
    ['nothing there', { total: 0 }, 10, { entries: 0, truncated: false, calls: 1 }],
    ['exactly as many as wanted', { total: 10 }, 10, { entries: 10, truncated: false, calls: 1 }],
    ['one too many', { total: 11 }, 10, { entries: 10, truncated: true, calls: 1 }],
    ['several pages', { total: 2_500 }, 5_000, { entries: 2_500, truncated: false, calls: 3 }],
    ['no further than needed', { total: 9_000 }, 1_500, { entries: 1_500, truncated: true, calls: 2 }],
    ['short pages', { total: 10, pageMax: 3 }, 10, { entries: 10, truncated: false, calls: 4 }],
    ['empty pages on the way', { total: 5, empty: 3 }, 10, { entries: 5, truncated: false, calls: 4 }],
    ['empty pages without end', { total: 5, empty: 1_000 }, 10, { entries: 0, truncated: true, calls: 51 }],
  ])('%s', async (_name, log, entriesMax, expected) => {
    const { server, logs } = await logOf(log);
    const read = await logs.read({ ...query, entriesMax }, signal);
    if (!read.ok) throw new Error(read.failure.message);
    const { entries, truncated, filter } = read.value;
    expect({ entries: entries.length, truncated, calls: server.requests.length }).toEqual(expected);
    expect(new Set(server.requests.map((request) => request.filter))).toEqual(new Set([filter]));
    expect(entries.map(({ insertId }) => insertId)).toEqual(entries.map((_, i) => `i${i}`));
  });
});

it('a failure on a later page is a failure, never a short answer', async () => {
  const server = await fakeLoggingServer((_request, nth) => {
    return nth === 1 ? { entries: [{ insertId: 'i0' }], nextPageToken: 'more' } : { code: 7 };
  });
  const clients = googleClients({ project: 'demo', userAgent: 'loop/test', endpoints: { logging: server.url } });
  toClose.push(server.close, () => clients.close());
  const logs = cloudLogging({ clients, project: 'demo', redact: (text) => text });
  expect(await logs.read({ ...query, entriesMax: 10 }, signal)).toMatchObject({
    ok: false,
    failure: { code: 'permission' },
  });
});

it('no services is a mistake of the caller, not an empty answer', async () => {
  const { logs, server } = await logOf({ total: 1 });
  const read = await logs.read({ ...query, services: [], entriesMax: 10 }, signal);
  expect(read).toMatchObject({ ok: false, failure: { code: 'usage' } });
  expect(server.requests).toHaveLength(0);
});
