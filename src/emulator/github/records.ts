import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** What Git does not hold of a repository: issues, comments, labels, statuses. Times are instants in UTC, in whole seconds. */
const time = z.string();

const label = z.object({ id: z.number(), name: z.string(), color: z.string(), description: z.string().nullable() });
export type LabelRecord = z.infer<typeof label>;

const branchTip = z.object({ ref: z.string(), sha: z.string() });
const pull = z.object({
  head: branchTip,
  base: branchTip,
  draft: z.boolean(),
  mergedAt: time.nullable(),
  mergeCommit: z.string().nullable(),
  /** A merge whose commits are written and whose base may already have moved: what a killed emulator leaves to be settled. */
  merging: z.object({ sha: z.string(), base: z.string() }).nullable(),
});
type PullRecord = z.infer<typeof pull>;

const stateReason = z.enum(['completed', 'not_planned', 'duplicate', 'reopened']);
export type StateReason = z.infer<typeof stateReason>;

const issue = z.object({
  id: z.number(),
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  stateReason: stateReason.nullable(),
  /** Names, in the order in which they were added. */
  labels: z.array(z.string()),
  locked: z.boolean(),
  lockReason: z.string().nullable(),
  createdAt: time,
  updatedAt: time,
  closedAt: time.nullable(),
  /** Null for an issue; issues and pull requests share one number sequence. */
  pull: pull.nullable(),
});
export type IssueRecord = z.infer<typeof issue>;
/** An issue that is a pull request. */
export type PullIssue = IssueRecord & { pull: PullRecord };

const comment = z.object({ id: z.number(), issue: z.number(), body: z.string(), createdAt: time, updatedAt: time });
export type CommentRecord = z.infer<typeof comment>;

const status = z.object({
  id: z.number(),
  sha: z.string(),
  state: z.enum(['error', 'failure', 'pending', 'success']),
  context: z.string(),
  description: z.string().nullable(),
  targetUrl: z.string().nullable(),
  createdAt: time,
});
export type StatusRecord = z.infer<typeof status>;

const checkRun = z.object({
  id: z.number(),
  sha: z.string(),
  name: z.string(),
  status: z.enum(['queued', 'in_progress', 'completed']),
  conclusion: z
    .enum(['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'timed_out'])
    .nullable(),
  externalId: z.string().nullable(),
  detailsUrl: z.string().nullable(),
  startedAt: time.nullable(),
  completedAt: time.nullable(),
  output: z.object({ title: z.string().nullable(), summary: z.string().nullable(), text: z.string().nullable() }),
});
export type CheckRunRecord = z.infer<typeof checkRun>;

const repositoryRecord = z.object({
  schema: z.literal(1),
  id: z.number(),
  owner: z.string(),
  ownerType: z.enum(['User', 'Organization']),
  name: z.string(),
  description: z.string().nullable(),
  private: z.boolean(),
  defaultBranch: z.string(),
  /** The tip of the default branch when it was last looked at: what is new since then may close issues. */
  defaultSha: z.string().nullable(),
  createdAt: time,
  updatedAt: time,
  pushedAt: time,
  nextNumber: z.number(),
  nextId: z.number(),
  issues: z.array(issue),
  comments: z.array(comment),
  labels: z.array(label),
  statuses: z.array(status),
  checkRuns: z.array(checkRun),
});
export type RepositoryRecord = z.infer<typeof repositoryRecord>;

/** The stored record, or null when there is none. Throws on a file that we did not write so: nothing is guessed. */
export async function readRecord(file: string): Promise<RepositoryRecord | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return repositoryRecord.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${file} cannot be read; remove it to start this repository's issues anew`, { cause });
  }
}

/** Replaces the file in one step: a reader, or a restart after a kill, sees the old record or the new one. */
export async function writeRecord(file: string, record: RepositoryRecord): Promise<void> {
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, JSON.stringify(record));
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** The next id of anything in this repository: ids of different repositories stay apart. */
export function takeId(draft: RepositoryRecord): number {
  const id = draft.id * idsPerRepository + draft.nextId;
  draft.nextId += 1;
  return id;
}

export function isPull(record: IssueRecord): record is PullIssue {
  return record.pull !== null;
}

const idsPerRepository = 100_000;
