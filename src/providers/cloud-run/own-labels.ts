import { instantOf, shortName } from '../google/wire.ts';
import type { WireRevision } from './wire.ts';

/** Names the revision that the other labels speak of: an update of someone else copies them all to a revision with another name. */
export const boundTo = 'loop-revision';

type Labels = Readonly<Record<string, string>>;

/**
 * The labels that were made for this very revision. Cloud Run's template hands labels on, so whatever the next update of anyone
 * makes carries our run, step, config and commit: those are believed where `loop-revision` is the revision's own name. A deploy
 * command sets a step without it, and is believed for the oldest revision with that step; `siblings` are all of the service's.
 */
export function ownLabels(revision: WireRevision, siblings: readonly WireRevision[]): Labels {
  const labels = labelsOf(revision);
  return isOwn(revision, labels, siblings) ? labels : withoutLoops(labels);
}

/** Whether the other revisions of the service must be read to know whose labels these are. */
export function needsSiblings(revision: WireRevision): boolean {
  const labels = labelsOf(revision);
  return labels['loop-step'] !== undefined && labels[boundTo] !== shortName(revision.name);
}

/** A template's labels without what an earlier deployment of loop left there. */
export function withoutLoops(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name !== 'commit-sha' && !isLoops(name)));
}

function isOwn(revision: WireRevision, labels: Labels, siblings: readonly WireRevision[]): boolean {
  if (!Object.keys(labels).some(isLoops)) return true;
  const [bound, step] = [labels[boundTo], labels['loop-step']];
  if (bound === shortName(revision.name)) return true;
  if (!step || !isOldestOf(step, revision, siblings)) return false;
  if (bound === undefined) return true;
  // The command changed the step of the revision before it; where that one is gone, nobody can tell.
  const before = siblings.find((one) => shortName(one.name) === bound);
  return before !== undefined && labelsOf(before)['loop-step'] !== step;
}

function isOldestOf(step: string, revision: WireRevision, siblings: readonly WireRevision[]): boolean {
  const own = instantOf(revision.createTime) ?? '';
  const others = siblings.filter((one) => one.name !== revision.name && labelsOf(one)['loop-step'] === step);
  return others.every((one) => (instantOf(one.createTime) ?? '') > own);
}

function isLoops(name: string): boolean {
  return name.startsWith('loop-');
}

function labelsOf({ labels }: WireRevision): Labels {
  return labels ?? {};
}
