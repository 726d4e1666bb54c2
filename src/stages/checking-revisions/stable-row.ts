import { blankDeployment } from '../../core/blank-rows.ts';
import { climb, type RungFact } from '../../core/ladder.ts';
import type { Deployment } from '../../core/record.ts';
import { revisionRungs, stableTraffic } from '../rung-facts.ts';
import { type Decision, decide } from './decide.ts';
import type { StableReading } from './read-stable.ts';

/** The row of what serves, made of one stored reading alone; so is the decision. */
export function stableRow(
  name: string,
  reading: StableReading,
  wanted: { readonly head: string | null; readonly maxAgeMinutes: number },
): { readonly deployment: Deployment; readonly decision: Decision } {
  const { service, revision, distance, wantedHash, missing } = reading;
  const now = new Date(reading.at);
  const drift = reading.drift.map(({ setting }) => setting);
  const decision = decide({ service: name, revision, missing, distance, wantedHash, drift, now, ...wanted });
  const deployment: Deployment = {
    ...blankDeployment,
    service: name,
    role: 'stable',
    revision: service?.serving ?? null,
    image: revision?.image ?? null,
    digest: revision?.digest ?? null,
    digestFrom: revision?.digestFrom ?? null,
    commit: revision?.commit ?? null,
    commitFrom: revision?.commitFrom ?? null,
    commitsBehind: distance?.behind ?? null,
    ...climb(blankDeployment, facts(reading)),
    decision: decision.sentence,
    ageSeconds: ageSeconds(revision?.createdAt, now),
    traffic: (service?.traffic ?? []).map(({ url: _address, ...share }) => share),
    drift: reading.drift,
    evidence: [reading.evidence],
  };
  return { deployment, decision };
}

function facts({ service, revision, evidence }: StableReading): RungFact[] {
  if (service === null || revision === null) return [];
  return [...revisionRungs(revision, service, [evidence]), stableTraffic(service, revision.name, [evidence])];
}

/** Negative where a clock is wrong: shown as such, never made to look young. */
function ageSeconds(createdAt: string | undefined, now: Date): number | null {
  const bornMs = Date.parse(createdAt ?? '');
  return Number.isNaN(bornMs) ? null : Math.round((now.getTime() - bornMs) / 1000);
}
