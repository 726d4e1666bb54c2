import { join, relative } from 'node:path';
import { type EmulatorInfo, stopEmulator } from '../emulator/client.ts';
import { runEmulator } from '../emulator/main.ts';
import { askControl } from '../emulator/read-emulator.ts';
import { tokenFile } from '../emulator/token-file.ts';
import { textTable } from '../outputs/views/text-table.ts';
import { allOf } from '../runtime/run-options.ts';
import { loadPlan } from '../runtime/run-plan.ts';
import { loopVersion } from '../runtime/version.ts';
import { type Host, refuse, say } from './host.ts';

const idleMinutes = 30;

export interface EmulateCommand {
  readonly env: string;
  readonly pipeline: string;
  readonly stop: boolean;
  /** Be the emulator, in this process. */
  readonly serve: boolean;
}

/** `loop emulate`: Cloud Run, Cloud Logging and GitHub on this machine; started, stopped, or served by this process. */
export function emulateCommand(asked: EmulateCommand, host: Host): Promise<number> {
  const stateFolder = join(host.project, '.loop', 'emulator');
  if (asked.serve) return serve(stateFolder, host);
  return asked.stop ? stop(stateFolder, host) : start(asked, stateFolder, host);
}

/** Its stdout is the emulator's log file. */
async function serve(stateFolder: string, host: Host): Promise<number> {
  const { pino } = await import('pino');
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 1, sync: true }));
  return runEmulator({ stateFolder, version: loopVersion, log, searchPath: host.env.PATH ?? '', idleMinutes });
}

async function stop(stateFolder: string, host: Host): Promise<number> {
  const stopped = await stopEmulator(stateFolder, new AbortController().signal);
  if (!stopped.ok) return refuse(host, stopped.failure);
  say(host, stopped.value.stopped ? 'the emulator is stopped' : 'no emulator was running');
  return 0;
}

async function start(asked: EmulateCommand, stateFolder: string, host: Host): Promise<number> {
  const { signal } = new AbortController();
  const plan = await loadPlan(allOf(asked), { folder: host.project, env: host.env });
  if (!plan.ok) return refuse(host, plan.failure);
  const { repository } = plan.value.environment;
  const info = await host.openEmbedded(plan.value, signal);
  if (!info.ok) return refuse(host, info.failure);
  const services = await servicesOf(info.value, signal);
  const token = relative(host.project, tokenFile(stateFolder));
  const rows = [
    ['Cloud Run', info.value.urls.run],
    ['Cloud Logging', info.value.urls.logging],
    ['GitHub', `${info.value.urls.github}/${repository.owner}/${repository.name}`],
    ...services,
    ['token', token],
  ];
  const merge = `${info.value.urls.github}/repos/${repository.owner}/${repository.name}/pulls/NUMBER/merge`;
  const curl = `curl -X PUT -H "authorization: Bearer $(cat ${token})" ${merge} -d '{"merge_method":"squash"}'`;
  const remote = `${info.value.urls.github.replace('://', `://token:$(cat ${token})@`)}/${repository.owner}/${repository.name}.git`;
  const hints = [
    `merge a pull request (merge, squash or rebase):\n  ${curl}`,
    `look at its branch:\n  git clone "${remote}"`,
  ];
  host.stdout.write(`${textTable(rows)}\n\n${hints.join('\n\n')}\n`);
  return 0;
}

async function servicesOf(info: EmulatorInfo, signal: AbortSignal): Promise<[string, string][]> {
  const answer = await askControl(info, 'GET', '/', signal);
  const { services = [] } = (answer?.body ?? {}) as { services?: { name: string; url: string }[] };
  return services.map(({ name, url }) => [name, url]);
}
