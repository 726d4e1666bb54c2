import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { hex } from '../cloud-logging/insert-id.ts';
import { signalGroup } from '../process-group.ts';
import type { BootFailure } from './boot-failure.ts';
import { freePort } from './free-port.ts';
import { findImageRoot } from './image-lookup.ts';
import { type Exit, Instance } from './instance.ts';
import type { InstanceJournal } from './instance-journal.ts';
import { memoryLimit, watchMemory } from './memory-watch.ts';
import type { RevisionRecord } from './records.ts';
import type { RunLog, Source } from './run-log.ts';
import { connectTo, type StartupProbe, startupProbe, untilUp } from './startup-probe.ts';

/** A revision that keeps crashing is started this often in a window; then it stays down until the window has passed. */
const bootsMax = 6;
const bootWindowMs = 60_000;
/** How long open requests may keep a revision that nothing routes to any more. */
const drainMsMax = 5000;
const drainLookMs = 25;
const connectsMax = 2;
const exitNoticeMs = 1000;

const signalNumbers: Readonly<Record<string, number>> = constants.signals;

export type BootReason = 'DEPLOYMENT_ROLLOUT' | 'AUTOSCALING';
export type Boot = { readonly ok: true; readonly port: number } | { readonly ok: false; readonly failure: BootFailure };

const reasonTexts: Readonly<Record<BootReason, string>> = {
  DEPLOYMENT_ROLLOUT:
    'Instance started due to traffic shifting between revisions due to deployment, traffic split adjustment, or deployment health check.',
  AUTOSCALING:
    'Instance started due to configured scaling factors (e.g. CPU utilization, request throughput, etc.) or no existing capacity for current traffic.',
};

interface Slot {
  readonly revision: RevisionRecord;
  readonly bootTimes: number[];
  boot: Promise<Boot>;
  /** True from the moment the boot begins until the process is gone. */
  live: boolean;
  retired: boolean;
  requests: number;
  instance: Instance | null;
}

export interface InstancesOptions {
  readonly stateFolder: string;
  readonly journal: InstanceJournal;
  readonly log: RunLog;
  readonly random: () => number;
  /** Search path of the started programs. */
  readonly path: string;
}

/** The running containers, at most one for each revision. */
export class Instances {
  readonly #options: InstancesOptions;
  readonly #slots = new Map<string, Slot>();
  #closing = false;

  constructor(options: InstancesOptions) {
    this.#options = options;
  }

  /** Starts the revision unless it runs, and waits until it listens or has failed. */
  ensure(revision: RevisionRecord, reason: BootReason): Promise<Boot> {
    const known = this.#slots.get(revision.name);
    if (known?.live && !known.retired) return known.boot;
    const boot: Promise<Boot> = Promise.resolve({ ok: false, failure: { kind: 'not-listening', port: 0 } });
    const slot: Slot = { revision, bootTimes: [], boot, live: false, retired: false, requests: 0, instance: null };
    this.#slots.set(revision.name, slot);
    this.#start(slot, reason);
    return slot.boot;
  }

  /**
   * A connection for one request, after a wait for a revision that is starting; null when there is no instance. One that
   * refuses is on its way out, though its end was not heard of yet: the request goes to the next.
   */
  async enter(revisionName: string): Promise<{ socket: Socket; source: Source; done: () => void } | null> {
    for (let attempt = 0; attempt < connectsMax; attempt += 1) {
      const slot = this.#slots.get(revisionName);
      if (slot === undefined || this.#closing) return null;
      if (!slot.live && this.#mayBoot(slot)) this.#start(slot, 'AUTOSCALING');
      const boot = slot.live ? await slot.boot : null;
      if (!boot?.ok) return null;
      const socket = await connectTo(boot.port);
      if (socket !== null) return this.#admit(slot, socket);
      await Promise.race([slot.instance?.exited, sleep(exitNoticeMs, undefined, { ref: false })]);
    }
    return null;
  }

  #admit(slot: Slot, socket: Socket): { socket: Socket; source: Source; done: () => void } {
    slot.requests += 1;
    const done = () => {
      slot.requests -= 1;
      socket.destroy();
    };
    return { socket, source: sourceOf(slot.revision), done };
  }

  /** Lets open requests end, within a limit, and stops the revision. */
  async retire(revisionName: string): Promise<void> {
    const slot = this.#slots.get(revisionName);
    if (slot === undefined || slot.retired) return;
    slot.retired = true;
    const end = performance.now() + drainMsMax;
    while (slot.requests > 0 && performance.now() < end && !this.#closing) await sleep(drainLookMs);
    if (this.#slots.get(revisionName) === slot) this.#slots.delete(revisionName);
    await this.#stop(slot);
  }

  async stopAll(): Promise<void> {
    this.#closing = true;
    const slots = [...this.#slots.values()];
    await Promise.all(slots.map((slot) => this.#stop(slot)));
    // One that was about to start sees that we close, and gives up.
    await Promise.all(slots.map(({ boot }) => boot));
  }

  async #stop(slot: Slot): Promise<void> {
    slot.retired = true;
    if (slot.instance === null || !slot.live) return;
    this.#options.log.system(sourceOf(slot.revision), 'INFO', 'Shutting down user disabled instance');
    await slot.instance.stop();
  }

  #mayBoot(slot: Slot): boolean {
    const since = performance.now() - bootWindowMs;
    return !slot.retired && !this.#closing && slot.bootTimes.filter((at) => at > since).length < bootsMax;
  }

  #start(slot: Slot, reason: BootReason): void {
    slot.bootTimes.push(performance.now());
    slot.live = true;
    slot.boot = this.#boot(slot, reason).catch((error) => {
      const command = slot.revision.template.containers[0]?.command[0] ?? '';
      return this.#fail(slot, { kind: 'not-executable', command, because: String(error) });
    });
  }

  async #boot(slot: Slot, reason: BootReason): Promise<Boot> {
    const { revision } = slot;
    const container = revision.template.containers[0];
    const image = container?.image ?? '';
    const folder = findImageRoot(this.#options.stateFolder, image);
    if (folder === null || container === undefined) return this.#fail(slot, { kind: 'image-missing', image });
    const source = { ...sourceOf(revision), instanceId: `00${hex(this.#options.random, 62)}` };
    this.#options.log.system(source, 'INFO', `Starting new instance. Reason: ${reason} - ${reasonTexts[reason]}`);
    const port = await freePort();
    if (this.#closing) return this.#fail(slot, { kind: 'not-listening', port });
    const argv = [...container.command, ...container.args];
    const started = await Instance.start({
      argv,
      folder,
      env: environment(revision, this.#options.path, port),
      onLine: (stream, line) => this.#options.log.line(source, stream, line),
    });
    if (!started.ok)
      return this.#fail(slot, { kind: 'not-executable', command: argv[0] ?? '', because: started.because });
    slot.instance = started.instance;
    this.#options.journal.add(started.instance.pid, revision.name);
    return this.#probe(slot, started.instance, port, source);
  }

  async #probe(slot: Slot, instance: Instance, port: number, source: Source): Promise<Boot> {
    const probe = startupProbe(slot.revision.template.containers[0]?.startupProbe);
    const gone = new AbortController();
    const memory = this.#watchMemory(slot, instance, source);
    if (this.#closing) await instance.stop();
    const ended = instance.exited.then((exit) => {
      gone.abort();
      memory?.stop();
      this.#ended(slot, instance, source, exit);
    });
    const up = await untilUp(probe, port, gone.signal);
    if (up && instance.running) {
      this.#options.log.system(source, 'INFO', probed(slot, probe, port, 'succeeded after 1 attempt'));
      ended.then(() => this.#restart(slot)).catch(() => {});
      return { ok: true, port };
    }
    const status = gone.signal.aborted ? 'CANCELLED' : 'DEADLINE_EXCEEDED';
    await instance.stop();
    await ended;
    const text = probed(slot, probe, port, 'failed 1 time consecutively');
    this.#options.log.system(
      source,
      'ERROR',
      `${text} The instance was not started.\nConnection failed with status ${status}.`,
    );
    return this.#fail(slot, { kind: 'not-listening', port });
  }

  /** A program that takes more than its container has is killed, and the platform says so. */
  #watchMemory({ revision }: Slot, { pid }: Instance, source: Source): { stop(): void } | null {
    const limit = memoryLimit(revision);
    if (limit === null) return null;
    return watchMemory(pid, limit, (message) => {
      this.#options.log.system(source, 'ERROR', message);
      signalGroup(pid, 'SIGKILL');
    });
  }

  #fail(slot: Slot, failure: BootFailure): Boot {
    slot.live = false;
    return { ok: false, failure };
  }

  #ended(slot: Slot, instance: Instance, source: Source, { code, signal }: Exit): void {
    slot.live = false;
    // Workers of a program that died must not outlive it.
    signalGroup(instance.pid, 'SIGKILL');
    this.#options.journal.remove(instance.pid);
    if (slot.retired) return;
    const text =
      signal === null
        ? `Container called exit(${code}).`
        : `Container terminated on signal ${signalNumbers[signal] ?? signal}.`;
    this.#options.log.system(source, code === 0 ? 'INFO' : 'WARNING', text, { container_name: `${source.service}-1` });
  }

  /** A serving revision that ended is started again, as the platform does it. */
  #restart(slot: Slot): void {
    if (!slot.live && this.#mayBoot(slot)) this.#start(slot, 'AUTOSCALING');
  }
}

function sourceOf({ project, location, id, name }: RevisionRecord): Source {
  return { project, location, service: name.split('/')[5] ?? '', revision: id };
}

function probed({ revision }: Slot, probe: StartupProbe, port: number, outcome: string): string {
  return `${probe.title} ${outcome} for container "${sourceOf(revision).service}-1" on port ${port}.`;
}

/** Nothing of the emulator's own environment but the search path: no token, no proxy, no option for Node. */
function environment(revision: RevisionRecord, path: string, port: number): Record<string, string> {
  const env = revision.template.containers[0]?.env ?? [];
  const { service } = sourceOf(revision);
  return {
    PATH: path,
    ...Object.fromEntries(env.map(({ name, value }) => [name, value ?? ''])),
    HOST: '127.0.0.1',
    PORT: String(port),
    K_SERVICE: service,
    K_REVISION: revision.id,
    K_CONFIGURATION: service,
  };
}
