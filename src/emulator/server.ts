import { randomBytes, randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { resolve } from 'node:path';
import { fail, type Result, succeed } from '../core/result.ts';
import { type Clock, systemClock } from './clock.ts';
import { openCloudLogging } from './cloud-logging/cloud-logging.ts';
import { openCloudRun } from './cloud-run/cloud-run.ts';
import { wireOf } from './cloud-run/knative/change-message.ts';
import { createControl, type EmulatorOverview } from './control.ts';
import { Faults } from './faults.ts';
import { startGitHub } from './github/server.ts';
import { startGrpc } from './grpc-server.ts';
import { closeServer, listenLocal } from './http-listen.ts';
import { iamCredentialsApi, makeIdTokens } from './id-token.ts';
import { writeJson } from './json-file.ts';
import { Ledger } from './ledger.ts';
import type { Log } from './log.ts';
import type { Parts } from './parts.ts';
import { markProcess } from './process-group.ts';
import { createRestServer } from './rest/rest-server.ts';
import { keepSecrets } from './secrets.ts';
import { type EmulatorState, emulatorProtocol, readEmulatorState, stateFiles } from './state.ts';
import { takeLock } from './state-lock.ts';
import { loadWireDefinitions, serviceDefinition } from './wire-definitions.ts';

export interface EmulatorOptions {
  /** `.loop/emulator`; everything it keeps is below. */
  readonly stateFolder: string;
  readonly version: string;
  readonly log: Log;
  /** Where `git` and the programs of images are found. */
  readonly searchPath: string;
  /** Called at every request. */
  readonly touch?: () => void;
  /** Called when `POST /stop` asks the process to end. */
  readonly onStop?: () => void;
  readonly clock?: Clock;
  readonly random?: () => number;
}

export interface Emulator {
  readonly state: EmulatorState;
  overview(): EmulatorOverview;
  /** Ends the servers and every revision. */
  close(): Promise<void>;
}

/** Cloud Run, Cloud Logging and GitHub in this process. `locked` when another process runs them from the same folder. */
export async function startEmulator(options: EmulatorOptions): Promise<Result<Emulator>> {
  // Revisions start in folders below it, whatever the folder this process is in.
  const stateFolder = resolve(options.stateFolder);
  const files = stateFiles(stateFolder);
  const unlock = takeLock(files.lock);
  if (unlock === null) {
    return fail('locked', `An emulator already runs in ${options.stateFolder}.`, 'stop it with `loop emulate --stop`');
  }
  const before = readEmulatorState(stateFolder);
  if (before.state === 'unreadable') {
    unlock();
    return fail('unreadable', `${files.emulator}: ${before.because}`, `remove ${options.stateFolder} to start afresh`);
  }
  const emulator = await open({ ...options, stateFolder }, before.state === 'read' ? before.value : null);
  if (!emulator.ok) {
    unlock();
    return emulator;
  }
  const close = async () => {
    await emulator.value.close();
    unlock();
  };
  return succeed({ ...emulator.value, close });
}

async function open(options: EmulatorOptions, before: EmulatorState | null): Promise<Result<Emulator>> {
  const { log } = options;
  const parts = makeParts(options);
  const token = before?.token ?? randomBytes(32).toString('hex');
  const logging = openCloudLogging(parts);
  const idTokens = makeIdTokens(token, parts.clock);
  const definitions = loadWireDefinitions();
  const services = serviceDefinition(definitions.run, 'google.cloud.run.v2.Services');
  const opened = await openCloudRun(parts, logging.intake, wireOf(services), idTokens);
  if (!opened.ok) return opened;
  const run = opened.value;
  const grpc = await startGrpc({
    definitions,
    port: before?.ports.grpc ?? 0,
    token,
    log,
    run: {
      'google.cloud.run.v2.Services': run.services,
      'google.cloud.run.v2.Revisions': run.revisions,
      'google.longrunning.Operations': run.operations,
    },
    logging: { 'google.logging.v2.LoggingServiceV2': logging.methods },
    tailLogEntries: logging.tail,
    rest: createRestServer({ token, log, apis: [...run.rest, logging.rest, iamCredentialsApi(idTokens)] }),
  });
  const github = await openGitHub(parts, before?.ports.github ?? 0, token);
  const overview = (): EmulatorOverview => ({
    version: options.version,
    protocol: emulatorProtocol,
    pid: process.pid,
    urls: { run: `http://127.0.0.1:${grpc.port}`, logging: `http://127.0.0.1:${grpc.port}`, github: github.url },
    services: run.overview(),
  });
  const secrets = keepSecrets(parts.files.secrets);
  const control = createControl({ ...parts, token, overview, secrets, stop: () => options.onStop?.() });
  const ports = {
    grpc: grpc.port,
    control: await listenLocal(control, before?.ports.control ?? 0, log),
    github: github.port,
  };
  const state = writeState(options, parts, { ports, token });
  return succeed({ state, overview, close: () => closeAll(control, grpc, github, run, logging) });
}

function makeParts(options: EmulatorOptions): Parts {
  const files = stateFiles(options.stateFolder);
  return {
    stateFolder: options.stateFolder,
    files,
    log: options.log,
    clock: options.clock ?? systemClock(),
    random: options.random ?? Math.random,
    newId: randomUUID,
    searchPath: options.searchPath,
    ledger: new Ledger(files.ledger),
    faults: new Faults(),
    touch: options.touch ?? (() => {}),
  };
}

async function openGitHub(
  { stateFolder, log, clock, ledger, searchPath, touch }: Parts,
  wanted: number,
  token: string,
) {
  const start = (port: number) =>
    startGitHub({
      stateFolder,
      port,
      token,
      log,
      searchPath,
      seen: touch,
      ledger: (row) => ledger.add({ at: clock.now(), ...row }),
    });
  try {
    return await start(wanted);
  } catch (error) {
    if (wanted === 0) throw error;
    log.warn({ port: wanted }, 'GitHub port is taken, using another');
    return start(0);
  }
}

function writeState(
  { version }: EmulatorOptions,
  { files, clock }: Parts,
  reached: Pick<EmulatorState, 'ports' | 'token'>,
): EmulatorState {
  const pidStartedAt = markProcess(process.pid)?.startedAt ?? '';
  const state = {
    pid: process.pid,
    pidStartedAt,
    version,
    protocol: emulatorProtocol,
    ...reached,
    startedAt: clock.now(),
  };
  writeJson(files.emulator, state);
  return state;
}

async function closeAll(
  control: Server,
  grpc: { close(): void },
  github: { close(): Promise<void> },
  run: { close(): Promise<void> },
  logging: { close(): void },
): Promise<void> {
  grpc.close();
  await Promise.all([closeServer(control), github.close(), run.close()]);
  logging.close();
}
