import { fail, type Result, succeed } from '../../core/result.ts';
import type { ServiceFacts } from '../../ports/deployer.ts';
import { pause } from '../google/call.ts';
import type { Platform } from './platform.ts';
import { serviceFacts } from './service-facts.ts';
import { sameSplit } from './traffic-plan.ts';
import { operationEnd } from './wait.ts';
import type { WireOperation, WireService } from './wire.ts';

export interface ServiceChange {
  /** The fields to write; the etag is added. */
  readonly service: WireService;
  readonly mask: string[];
}

const conflictsMax = 3;
const conflictPauseMs = 300;

/**
 * Reads a service, writes what `plan` makes of it under the etag that was read, and waits for the operation's end.
 * `plan` answers null when nothing has to change; so does this. A write that met another one is planned again, at most
 * `conflictsMax` times, and only while the same revisions serve the same shares: else someone else is deploying (`conflict`).
 */
export async function changeService(
  platform: Platform,
  name: string,
  plan: (facts: ServiceFacts, service: WireService) => ServiceChange | null,
  signal: AbortSignal,
): Promise<Result<WireOperation | null>> {
  let first: ServiceFacts | null = null;
  for (let conflicts = 0; ; conflicts++) {
    const service = await platform.service(name, signal);
    if (!service.ok) return service;
    const facts = serviceFacts(service.value);
    first ??= facts;
    if (!sameSplit(first.traffic, facts.traffic)) return fail('conflict', `someone else moved the traffic of ${name}`);
    const change = plan(facts, service.value);
    if (change === null) return succeed(null);
    const begun = await platform.update(name, { ...change.service, etag: facts.etag }, change.mask, signal);
    if (begun.ok) return operationEnd(platform, begun.value, signal, name);
    if (begun.failure.code !== 'conflict' || conflicts >= conflictsMax) return begun;
    await pause(conflictPauseMs, signal);
  }
}
