import type { Refusal } from './answer.ts';
import { type Fault, type FaultRequest, faultsOf } from './fault-request.ts';
import { logReadQuota, refusalFor } from './fault-texts.ts';

/** What a call met: a refusal in its place, or silence for ever. */
export type MetFault = Refusal | 'hang';

const minuteMs = 60_000;

/** Faults that a test asks for. Each request replaces the ones before; they do not outlive the process. */
export class Faults {
  #faults: readonly Fault[] = [];
  /** How often each `failNext` was met. */
  readonly #met = new Map<Fault, number>();
  #readsAt: number[] = [];

  replace(request: FaultRequest): void {
    this.#faults = faultsOf(request);
    this.#met.clear();
    this.#readsAt = [];
  }

  /** The fault that a call of `method` on a resource (full name, or empty) meets. A met one counts. */
  meet(method: string, resource: string): MetFault | null {
    if (method === 'ListLogEntries' && this.#tooManyReads()) return logReadQuota;
    const fault = this.#on(serviceOf(resource)).find((one) => this.#applies(one, method));
    if (fault?.failNext === undefined) return null;
    this.#met.set(fault, (this.#met.get(fault) ?? 0) + 1);
    return refusalFor(fault.failNext, resource);
  }

  readySlowMs(service: string): number {
    return this.#number('readySlowMs', service) ?? 0;
  }

  /** How late an entry of the service can be read. */
  ingestionDelayMs(service: string): number {
    return this.#number('ingestionDelayMs', service) ?? 0;
  }

  /** What goes wrong with the service's next revisions, whatever their programs do. */
  revisionFails(service: string): NonNullable<Fault['revisionFails']> | null {
    return this.#on(service).find(({ revisionFails }) => revisionFails !== undefined)?.revisionFails ?? null;
  }

  holds(knob: 'tagUrlsDisabled' | 'requestLogsExcluded' | 'private' | 'noLogs', service: string): boolean {
    return this.#on(service).some((fault) => fault[knob] === true);
  }

  #number(knob: 'readySlowMs' | 'ingestionDelayMs', service: string): number | undefined {
    return this.#on(service).find((fault) => fault[knob] !== undefined)?.[knob];
  }

  #on(service: string): Fault[] {
    return this.#faults.filter((fault) => fault.service === undefined || fault.service === service);
  }

  #applies(fault: Fault, method: string): boolean {
    const { failNext } = fault;
    return failNext?.method === method && (this.#met.get(fault) ?? 0) < failNext.times;
  }

  #tooManyReads(): boolean {
    const limit = this.#faults.find(({ logReadsPerMinute }) => logReadsPerMinute !== undefined)?.logReadsPerMinute;
    if (limit === undefined) return false;
    const now = performance.now();
    this.#readsAt = this.#readsAt.filter((at) => at > now - minuteMs);
    if (this.#readsAt.length >= limit) return true;
    this.#readsAt.push(now);
    return false;
  }
}

function serviceOf(resource: string): string {
  return /\/services\/([^/]+)/.exec(resource)?.[1] ?? '';
}
