import { z } from 'zod';

/** What we read of GitHub's answers; everything else in them is passed over. */
const User = z.object({ login: z.string() }).nullish();
const Label = z.union([z.string(), z.object({ name: z.string().nullish() })]);
const Labels = z
  .array(Label)
  .default([])
  .transform((labels) => labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))));
const Body = z
  .string()
  .nullish()
  .transform((body) => body ?? '');

export const IssueAnswer = z.object({
  number: z.int(),
  title: z.string(),
  body: Body,
  state: z.enum(['open', 'closed']),
  html_url: z.string(),
  labels: Labels,
  user: User,
  /** There when the issue is a pull request. */
  pull_request: z.unknown().optional(),
});
export type IssueAnswer = z.infer<typeof IssueAnswer>;

export const PullAnswer = z.object({
  number: z.int(),
  title: z.string(),
  body: Body,
  state: z.enum(['open', 'closed']),
  html_url: z.string(),
  labels: Labels,
  user: User,
  created_at: z.string(),
  merged_at: z.string().nullish(),
  merge_commit_sha: z.string().nullish(),
  head: z.object({ ref: z.string(), sha: z.string() }),
});
export type PullAnswer = z.infer<typeof PullAnswer>;

export const CommentAnswer = z.object({ id: z.int(), body: Body, html_url: z.string(), user: User });
export type CommentAnswer = z.infer<typeof CommentAnswer>;

export const UserAnswer = z.object({ login: z.string() });
