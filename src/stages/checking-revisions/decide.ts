import { counted } from '../../core/count-words.ts';
import type { RevisionFacts } from '../../ports/deployer.ts';

interface Facts {
  readonly service: string;
  readonly head: string | null;
  readonly revision: RevisionFacts | null;
  /** Commits that HEAD has and the revision has not; null when it could not be counted. */
  readonly behind: number | null;
  /** Hash of the settings that the config wants; null when they could not be resolved. */
  readonly wantedHash: string | null;
  readonly now: Date;
  readonly maxAgeMinutes: number;
}

/**
 * Fresh or stale, with the sentence that says why. The commit decides, then the settings; age only where the commit is unknown.
 * A negative age is a clock error, never fresh.
 */
export function decide(facts: Facts): { fresh: boolean; sentence: string } {
  const { revision, head } = facts;
  if (!revision) return { fresh: false, sentence: `${facts.service} is stale: nothing serves` };
  const short = (commit: string) => commit.slice(0, 12);
  if (revision.commit === null) return byAge(facts, revision);
  if (head !== null && revision.commit !== head) {
    const distance = facts.behind === null ? 'not at' : `${counted(facts.behind, 'commit')} behind`;
    return {
      fresh: false,
      sentence: `${facts.service} is stale: ${revision.name} runs ${short(revision.commit)}, ${distance} HEAD ${short(head)}`,
    };
  }
  if (facts.wantedHash !== null && revision.configHash !== null && revision.configHash !== facts.wantedHash) {
    return {
      fresh: false,
      sentence: `${facts.service} is stale: ${revision.name} runs HEAD with other settings (${revision.configHash}, wanted ${facts.wantedHash})`,
    };
  }
  return { fresh: true, sentence: `${facts.service} is fresh: ${revision.name} runs HEAD ${short(revision.commit)}` };
}

function byAge({ service, now, maxAgeMinutes }: Facts, revision: RevisionFacts): { fresh: boolean; sentence: string } {
  const minutes = (now.getTime() - Date.parse(revision.createdAt)) / 60_000;
  const told = `${revision.name} has no known commit`;
  if (!(minutes >= 0))
    return {
      fresh: false,
      sentence: `${service} is stale: ${told} and its age is a clock error (${minutes.toFixed(1)} minutes)`,
    };
  const fresh = minutes <= maxAgeMinutes;
  return {
    fresh,
    sentence: `${service} is ${fresh ? 'fresh' : 'stale'}: ${told} and is ${minutes.toFixed(1)} minutes old, limit ${maxAgeMinutes}`,
  };
}
