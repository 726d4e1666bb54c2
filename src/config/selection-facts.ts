import { z } from 'zod';

/** What `--focus changed` goes by. Paths and suites are what was found; where `unknown` says why nothing could be, every suite is selected. */
export const ImpactFacts = z.strictObject({
  /** By service: the full commit that serves; null where it is not known. */
  from: z.record(z.string(), z.string().nullable()),
  to: z.string().nullable(),
  /** Changed paths, sorted; at most so many as are kept. */
  paths: z.array(z.string()),
  /** Changed paths beyond those. */
  more: z.int().min(0),
  /** Changed paths that no suite covers. */
  uncovered: z.int().min(0),
  unknown: z.string().nullable(),
  /** By suite that covers a changed path: the first of them, and how many there are. */
  suites: z.record(z.string(), z.strictObject({ path: z.string(), paths: z.int().min(1) })),
});
export type ImpactFacts = z.infer<typeof ImpactFacts>;

/** The tests that a word of the focus names, by suite, among those that were known. */
export const WordFacts = z.strictObject({
  /** As it was looked for: white space made single. */
  word: z.string(),
  suites: z.record(z.string(), z.strictObject({ tests: z.array(z.string()), more: z.int().min(0) })),
  /** Where it names none: the known word that is most like it. */
  near: z.string().nullable(),
});
export type WordFacts = z.infer<typeof WordFacts>;

/** What history and the change told when a run began. It is kept with the run: a resumed run selects by it, not by what is known then. */
export const SelectionFacts = z.strictObject({
  words: z.array(WordFacts),
  /** By suite: how it did when it was last judged. */
  past: z.record(
    z.string(),
    z.strictObject({ run: z.string(), verdict: z.enum(['GO', 'NO-GO']), red: z.int().min(0), at: z.iso.datetime() }),
  ),
  /** Null where the focus does not ask for it. */
  impact: ImpactFacts.nullable(),
});
export type SelectionFacts = z.infer<typeof SelectionFacts>;

export const noFacts: SelectionFacts = { words: [], past: {}, impact: null };
