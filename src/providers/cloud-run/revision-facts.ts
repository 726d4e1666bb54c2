import { readFile } from 'node:fs/promises';
import { ImageRecord, imageFolder, imageRecordFile } from '../../core/image-store.ts';
import type { RevisionFacts } from '../../ports/deployer.ts';
import { instantOf, shortName } from '../google/wire.ts';
import { conditionFacts, readiness } from './condition.ts';
import { givenIn } from './given-settings.ts';
import { mainContainer } from './main-container.ts';
import { ownLabels } from './own-labels.ts';
import { settingsOf } from './settings.ts';
import type { WireRevision } from './wire.ts';

/**
 * The platform's answer in our words. `imageStore` is the embedded environment's state folder, null elsewhere:
 * the platform itself tells no digest but the one in the image's reference. `siblings` are the service's revisions, for those whose
 * labels need them.
 */
export async function revisionFacts(
  revision: WireRevision,
  imageStore: string | null,
  siblings: readonly WireRevision[] = [],
): Promise<RevisionFacts> {
  const image = mainContainer(revision.containers)?.image ?? '';
  const labels = ownLabels(revision, siblings);
  const { state, message } = readiness(revision);
  const conditions = (revision.conditions ?? []).map(conditionFacts);
  return {
    name: shortName(revision.name) ?? '',
    service: shortName(revision.service) ?? '',
    image,
    ...(await digestOf(image, imageStore)),
    ...commitOf(labels, image),
    madeBy: labels['loop-run'] || null,
    configHash: labels['loop-config'] || null,
    stepKey: labels['loop-step'] || null,
    ready: state === 'succeeded',
    reason: (state === 'succeeded' ? null : conditions.find(({ type }) => type === 'Ready')?.reason) ?? null,
    message,
    conditions,
    given: givenIn(revision.annotations),
    settings: settingsOf(revision),
    creator: revision.creator || null,
    createdAt: instantOf(revision.createTime) ?? '',
  };
}

/**
 * The label counts before the image: a pipeline that sets it knows better than a tag that can be moved. Labels in the image
 * itself and build provenance cannot be reached from here: what neither tells is unknown.
 */
function commitOf(
  labels: Readonly<Record<string, string>>,
  image: string,
): { readonly commit: string | null; readonly commitFrom: string | null } {
  const label = labels['commit-sha'];
  if (label) return { commit: label, commitFrom: 'label' };
  const commit = commitIn(image);
  return commit === null ? { commit: null, commitFrom: null } : { commit, commitFrom: 'image' };
}

/** `…@<commit>` of the embedded store, or a tag that reads like a commit. Figures alone are a date or a build's number. */
function commitIn(image: string): string | null {
  const [, named] = /@([0-9a-f]{40})$/.exec(image) ?? [];
  const [, tag] = /:([0-9a-f]{7,40})(?:@sha256:[0-9a-f]{64})?$/.exec(image) ?? [];
  const isCommit = tag !== undefined && (tag.length === 40 || /[a-f]/.test(tag));
  return named ?? (isCommit ? tag : null);
}

async function digestOf(
  image: string,
  imageStore: string | null,
): Promise<{ readonly digest: string | null; readonly digestFrom: string | null }> {
  const named = digestIn(image);
  if (named !== null) return { digest: named, digestFrom: 'image' };
  const stored = imageStore === null ? null : await digestInStore(imageStore, image);
  return { digest: stored, digestFrom: stored === null ? null : 'image-store' };
}

function digestIn(image: string): string | null {
  return /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1] ?? null;
}

async function digestInStore(stateFolder: string, image: string): Promise<string | null> {
  const folder = imageFolder(stateFolder, image);
  if (folder === null) return null;
  try {
    return ImageRecord.parse(JSON.parse(await readFile(imageRecordFile(folder), 'utf8'))).digest;
  } catch {
    // An image that was pruned or damaged has no digest to tell: unknown, not guessed.
    return null;
  }
}
