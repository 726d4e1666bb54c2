import { readFileSync } from 'node:fs';
import { EmulatorState, stateFiles } from '../emulator/state.ts';
import { cloudLogging, cloudRunDeployer, googleClients, httpHealth } from '../providers/index.ts';

/**
 * Measures what `gcloud run services list`, `gcloud logging read --limit 1000` and `curl` do, through our own providers, against the
 * emulator of a project's folder. Prints milliseconds: the first time (clients loaded and connected), and the second.
 */
const [stateFolder = '', service = '', path = '/'] = process.argv.slice(2);
const { ports, token } = EmulatorState.parse(JSON.parse(readFileSync(stateFiles(stateFolder).emulator, 'utf8')));
const url = `http://127.0.0.1:${ports.grpc}`;
const clients = googleClients({
  project: 'demo',
  userAgent: 'loop/bench',
  endpoints: { run: url, logging: url },
  token,
});
const deployer = cloudRunDeployer({
  clients,
  project: 'demo',
  region: 'local',
  readyTimeoutMs: 60_000,
  imageStore: null,
});
const logs = cloudLogging({ clients, project: 'demo', redact: (text) => text });
const health = httpHealth();
const { signal } = new AbortController();

/** One page of 1,000 entries is asked for: the thousandth tells that 999 were not all. */
async function readAll(): Promise<{ ms: number; entries: number }> {
  const begun = performance.now();
  const query = { services: [service], from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z', entriesMax: 999 };
  const [services, answer] = await Promise.all([deployer.services([service], signal), logs.read(query, signal)]);
  const address = services.ok ? (services.value.get(service)?.url ?? '') : '';
  const asked = await health.check(address, { ...check, path }, { timeoutMs: 10_000, samples: 1, warmups: 0 }, signal);
  if (!answer.ok || !asked.ok) throw new Error(answer.ok ? asked.because : answer.failure.message);
  return { ms: performance.now() - begun, entries: answer.value.entries.length };
}

const check = {
  websocket: false,
  subprotocol: null,
  statuses: [{ from: 200, to: 299 }],
  json: {},
  header: {},
  latencyMsMax: { p50: null, p95: null },
  firstMessage: null,
  version: null,
  uptime: null,
  tlsDaysMin: 0,
  identity: null,
};
const first = await readAll();
const second = await readAll();
process.stdout.write(`${JSON.stringify({ firstMs: first.ms, secondMs: second.ms, entries: second.entries })}\n`);
await clients.close();
