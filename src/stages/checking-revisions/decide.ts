import { counted } from '../../core/count-words.ts';
import type { RevisionFacts } from '../../ports/deployer.ts';

export interface DecisionFacts {
  readonly service: string;
  readonly head: string | null;
  /** What serves; null when nothing does, or when the platform did not tell: `missing` says which. */
  readonly revision: Pick<RevisionFacts, 'name' | 'commit' | 'configHash' | 'createdAt'> | null;
  /** Why there is no revision. */
  readonly missing: string;
  /** Commits on either side, merges counted; null when they could not be counted. */
  readonly distance: { readonly behind: number; readonly ahead: number } | null;
  /** Hash of the settings that the config wants; null when they could not be resolved. */
  readonly wantedHash: string | null;
  /** Names of the settings that are not as the config wants them. */
  readonly drift: readonly string[];
  readonly now: Date;
  readonly maxAgeMinutes: number;
}

export interface Decision {
  readonly fresh: boolean;
  readonly sentence: string;
}

/**
 * Fresh or stale, with the sentence that says why. The commit decides, then the settings; age only where the commit is unknown.
 * A negative age is a clock error, never fresh.
 */
export function decide(facts: DecisionFacts): Decision {
  const { revision, head } = facts;
  if (!revision) return stale(facts, facts.missing);
  if (revision.commit === null) return byAge(facts, revision);
  const runs = `${revision.name} runs ${short(revision.commit)}`;
  if (head === null) return stale(facts, `${revision.name} runs ${short(revision.commit)}, and HEAD is not known`);
  if (revision.commit !== head) return stale(facts, `${runs}, ${away(facts.distance, short(head))}`);
  const settings = otherSettings(facts, revision);
  if (settings !== null)
    return stale(
      facts,
      `${revision.name} runs HEAD ${short(head)} with other settings than the config wants: ${settings}`,
    );
  return fresh(facts, `${revision.name} runs HEAD ${short(head)}`);
}

/** Where a commit lies from HEAD, in words: behind it, ahead of it, or on another line. */
function away(distance: DecisionFacts['distance'], head: string): string {
  if (distance === null) return `not at HEAD ${head} and not to be counted from it`;
  const { behind, ahead } = distance;
  if (ahead === 0) return `${counted(behind, 'commit')} behind HEAD ${head} (merges counted)`;
  if (behind === 0)
    return `${counted(ahead, 'commit')} ahead of HEAD ${head} (merges counted): the branch was moved back`;
  return `on another line than HEAD ${head}: ${behind} behind, ${ahead} ahead (merges counted)`;
}

/** The names of settings that differ; where only their hash tells, that; null when nothing does. */
function otherSettings(
  { drift, wantedHash }: DecisionFacts,
  { configHash }: Pick<RevisionFacts, 'configHash'>,
): string | null {
  if (drift.length > 0) return listed(drift);
  if (wantedHash === null || configHash === null || configHash === wantedHash) return null;
  return `their hash is ${configHash}, wanted is ${wantedHash}`;
}

const namesShown = 5;

function listed(names: readonly string[]): string {
  const more = names.length - namesShown;
  return more > 0 ? `${names.slice(0, namesShown).join(', ')} and ${more} more` : names.join(', ');
}

function byAge(facts: DecisionFacts, revision: NonNullable<DecisionFacts['revision']>): Decision {
  const { now, maxAgeMinutes } = facts;
  const minutes = (now.getTime() - Date.parse(revision.createdAt)) / 60_000;
  const told = `${revision.name} has no known commit`;
  if (Number.isNaN(minutes)) return stale(facts, `${told} and no known age`);
  if (minutes < 0) return stale(facts, `${told} and its age is a clock error (${minutes.toFixed(1)} minutes)`);
  const aged = `${told} and is ${minutes.toFixed(1)} minutes old, limit ${maxAgeMinutes}`;
  if (minutes > maxAgeMinutes) return stale(facts, aged);
  const settings = otherSettings(facts, revision);
  return settings === null
    ? fresh(facts, aged)
    : stale(facts, `${told} and has other settings than the config wants: ${settings}`);
}

function fresh({ service }: DecisionFacts, why: string): Decision {
  return { fresh: true, sentence: `${service} is fresh: ${why}` };
}

function stale({ service }: DecisionFacts, why: string): Decision {
  return { fresh: false, sentence: `${service} is stale: ${why}` };
}

function short(commit: string): string {
  return commit.slice(0, 12);
}
