import type { ServiceFacts } from '../../ports/deployer.ts';
import { splitOf } from './service-facts.ts';
import { toLatest, toRevision, type WireTraffic } from './wire.ts';

type Traffic = ServiceFacts['traffic'];

/**
 * What serves now, pinned by name at its present split, with all tags; and `tag` on `revision` at 0 %.
 * Unpinned, an allocation to LATEST would move to the new revision by itself.
 */
export function pinnedWithTag(traffic: Traffic, tag: string, revision: string): WireTraffic[] {
  const others = tagsOf(traffic).filter((target) => target.tag !== tag);
  return [...shares(traffic), ...others, { type: toRevision, revision, percent: 0, tag }];
}

/** A new service's: its first revision serves, whether it has a tag or not; "without traffic" there is nothing. */
export function firstTraffic(tag: string | null, revision: string): WireTraffic[] {
  return tag === null ? shares([]) : pinnedWithTag([], tag, revision);
}

/** Everything to one revision, tags kept where they are. */
export function allTo(traffic: Traffic, revision: string): WireTraffic[] {
  return [{ type: toRevision, revision, percent: 100 }, ...tagsOf(traffic)];
}

/** Who gets what in a move. `latest` serves the revision as the service's latest one: only for everything at once. */
export interface WantedShare {
  readonly revision: string;
  /** From 1 to 100. */
  readonly percent: number;
  readonly latest: boolean;
}

/**
 * `percent` to one revision, the rest to what serves beside it, in its old proportions; tags kept where they are.
 * Null where nothing else serves that could have the rest.
 */
export function movedTo(traffic: Traffic, { revision, percent, latest }: WantedShare): WireTraffic[] | null {
  const wanted: WireTraffic = latest ? { type: toLatest, percent } : { type: toRevision, revision, percent };
  const split = splitAfter(splitOf(traffic), { revision, percent, latest });
  if (split === null) return null;
  const rest = [...split].filter(([name]) => name !== revision);
  return [wanted, ...rest.map(([name, share]) => byName(name, share)), ...tagsOf(traffic)];
}

/** Whole percentages in the proportions of `shares` that sum to `total`; what rounding leaves goes to the largest remainders. */
function proportions(shares: readonly (readonly [string, number])[], total: number): [string, number][] {
  const sum = shares.reduce((all, [, share]) => all + share, 0);
  const exact = shares.map(([name, share]) => ({ name, share: (share / sum) * total }));
  const left = total - exact.reduce((all, one) => all + Math.floor(one.share), 0);
  const byRemainder = [...exact].sort(
    (a, b) => (b.share % 1) - (a.share % 1) || b.share - a.share || (a.name < b.name ? -1 : 1),
  );
  const raised = new Set(byRemainder.slice(0, left).map((one) => one.name));
  return exact
    .map(({ name, share }): [string, number] => [name, Math.floor(share) + (raised.has(name) ? 1 : 0)])
    .filter(([, share]) => share > 0);
}

/** Whether the share of `revision` is given to it as the latest one. */
export function servesAsLatest(traffic: Traffic, revision: string): boolean {
  return traffic.some((target) => target.latest && target.percent > 0 && target.revision === revision);
}

/** The shares after that move, from shares as they were; null where there is no such move. */
export function splitAfter(before: ReadonlyMap<string, number>, { revision, percent }: WantedShare) {
  const others = [...before].filter(([name]) => name !== revision);
  if (percent < 100 && others.length === 0) return null;
  return new Map([[revision, percent], ...proportions(others, 100 - percent)]);
}

/** The split that a plan asks for; LATEST stands for `latest`. */
export function splitAskedFor(plan: readonly WireTraffic[], latest: string): ReadonlyMap<string, number> {
  const shares = plan.map((target) => ({
    revision: target.type === toLatest ? latest : (target.revision ?? ''),
    percent: target.percent ?? 0,
  }));
  return splitOf(shares.map((share) => ({ ...share, tag: null, latest: false, url: null })));
}

/**
 * Everything to a new revision, while what served before stays reachable under a tag: without an address of its own
 * nobody could compare the two, and a bad revision would keep its traffic for want of a control.
 */
export function allToBesideReference(traffic: Traffic, revision: string): WireTraffic[] {
  const before = mostOf(traffic);
  const plan = allTo(traffic, revision).filter((target) => target.tag !== referenceTag);
  if (before === null || before === revision) return plan;
  return [...plan, { type: toRevision, revision: before, percent: 0, tag: referenceTag }];
}

const referenceTag = 'loop-reference';

function mostOf(traffic: Traffic): string | null {
  const [most] = [...splitOf(traffic)].sort(([, left], [, right]) => right - left);
  return most?.[0] ?? null;
}

/** What serves now, pinned by name, without the tags of `revision`; with `tags`, without these of them. */
export function withoutTagsOf(
  traffic: Traffic,
  revision: string,
  tags: readonly string[] | null = null,
): WireTraffic[] {
  const stays = (target: WireTraffic) =>
    target.revision !== revision || !(tags === null || tags.includes(target.tag ?? ''));
  return [...shares(traffic), ...tagsOf(traffic).filter(stays)];
}

/** Whether both serve the same revisions at the same percentages; tags do not count. */
export function sameSplit(left: Traffic, right: Traffic): boolean {
  return equalSplits(splitOf(left), splitOf(right));
}

export function equalSplits(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean {
  return one.size === other.size && [...one].every(([revision, percent]) => other.get(revision) === percent);
}

export function hasTag(traffic: Traffic, tag: string, revision: string): boolean {
  return traffic.some((target) => target.tag === tag && target.revision === revision);
}

/** Whether `revision` alone serves, by name or as the latest. */
export function servesAll(traffic: Traffic, revision: string): boolean {
  const split = splitOf(traffic);
  return split.size === 1 && split.has(revision);
}

function byName(revision: string, percent: number): WireTraffic {
  return { type: toRevision, revision, percent };
}

/** Percentages must sum to 100: where nothing serves yet, the first revision that comes up shall. */
function shares(traffic: Traffic): WireTraffic[] {
  const split = splitOf(traffic);
  if (split.size === 0) return [{ type: toLatest, percent: 100 }];
  return [...split].map(([revision, percent]) => byName(revision, percent));
}

/** A tag on LATEST goes on following it, as whoever put it there wants: by name it would stay behind for ever. */
function tagsOf(traffic: Traffic): WireTraffic[] {
  return traffic.flatMap(({ tag, revision, latest }): WireTraffic[] => {
    if (tag === null) return [];
    if (latest) return [{ type: toLatest, percent: 0, tag }];
    return revision === null ? [] : [{ type: toRevision, revision, percent: 0, tag }];
  });
}
