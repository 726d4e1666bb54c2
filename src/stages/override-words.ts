import { sumCounts } from '../core/counts.ts';
import { percent, rateSentence } from '../core/judge-phase.ts';
import type { PhaseResult, RunRecord } from '../core/record.ts';
import type { StageParts } from './parts.ts';

type Parts = Pick<StageParts, 'options' | 'override'>;
type Redact = (text: string) => string;

/** `--override "reason"`, as everything begins that it let happen. */
function said({ override }: Pick<Parts, 'override'>, redact: Redact): string {
  return `--override "${redact(override ?? '')}"`;
}

/** What a person switched off before the run began. */
export function overridesFromStart(parts: Parts, redact: Redact): string[] {
  if (parts.options.force !== true) return [];
  const why = parts.override === null ? '' : `, ${said(parts, redact)}`;
  return [`--force${why}: A REVISION THAT WAS FOUND BAD BEFORE MAY HAVE TRAFFIC AGAIN`];
}

/** Testing went on behind a gate that was not met. The gate stays lost: nothing but the order of things was overridden. */
export function gateOverridden(phase: PhaseResult, parts: Parts, redact: Redact): string {
  const counts = sumCounts(phase.suites.map((suite) => suite.counts));
  const gate = phase.thresholdPermille === null ? '' : `, below ${percent(phase.thresholdPermille)}`;
  const lost = phase.verdict === 'NO-GO' && phase.lostAt !== null;
  const why = lost ? `${rateSentence(counts)}${gate}` : phase.reason;
  return `${said(parts, redact)}: PHASE ${phase.name} DID NOT MEET ITS GATE (${why}); WHAT COMES AFTER IT RAN ANYWAY`;
}

/** Nobody should think that something was overridden where nothing was. */
export function overrideUnused(record: Pick<RunRecord, 'overrides'>, parts: Parts, redact: Redact): string[] {
  if (parts.override === null || parts.options.dryRun || parts.options.force === true) return [];
  const words = said(parts, redact);
  if (record.overrides.some((one) => one.startsWith(words))) return [];
  return [`${words} was not needed: nothing came after a gate that was not met`];
}
