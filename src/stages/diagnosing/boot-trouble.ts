import { bootWords } from '../../core/boot-words.ts';
import { isRefusal } from '../../core/platform-refusals.ts';
import type { Deployment, Health } from '../../core/record.ts';
import type { StageRun } from '../../ports/stage.ts';

export interface Trouble {
  /** `does not come up: …` or `is not healthy: …`, without addresses: those of a run are gone with it. */
  readonly words: string;
  /** What was seen, for whoever ranks suspects by it. */
  readonly message: string;
  /** The check that failed; null where the candidate did not come up at all. */
  readonly sick: Health | null;
  readonly evidence: readonly string[];
}

/** What is wrong with a candidate by itself; null where nothing is, or where the platform refused it. */
export function troubleOf(deployment: Deployment, { record }: Pick<StageRun, 'record'>): Trouble | null {
  const { failure, service, evidence } = deployment;
  // Refused by the platform, or without a trace on it: neither is the revision's own fault.
  if (failure && (isRefusal(failure.code) || failure.code === 'no-change')) return null;
  if (failure) {
    const message = withoutAddresses(bootWords(failure.boot) ?? failure.message);
    return { words: `does not come up: ${message}`, message, sick: null, evidence };
  }
  const sick = record.health.find((one) => one.service === service && one.role === 'candidate' && !one.ok);
  if (!sick) return null;
  const message = sickWords(sick);
  return { words: `is not healthy: ${message}`, message, sick, evidence: sick.evidence };
}

/** A sentence about an address begins with it; its path is in the target already. */
function sickWords({ target, because }: Health): string {
  const told = because.replace(/^[a-z]+:\/\/\S+ /, '');
  return `${target}${told === because ? ':' : ''} ${withoutAddresses(told)}`;
}

function withoutAddresses(text: string): string {
  return text.replace(/\b[a-z]+:\/\/[^\s"'`,;)]+/g, 'its address');
}
