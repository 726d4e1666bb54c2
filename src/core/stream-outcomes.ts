import { z } from 'zod';

const Count = z.int().min(0);
const Named = z.object({ id: z.string(), name: z.string() });

/** What a runner's stream had told when its suite was stopped: outcomes from then on are the interrupt's, not the service's. */
export const StreamOutcomes = z.object({
  /** The dialect that the stream was read by, e.g. `tap`. */
  runner: z.string(),
  passed: Count,
  skipped: Count,
  /** All of them; `red` names as many as are kept. */
  failed: Count,
  errored: Count,
  red: z.array(Named.extend({ outcome: z.enum(['failed', 'errored']) })),
  /** Begun and not ended; empty where the runner does not tell what begins. */
  running: z.array(Named),
  /** The test that ended last. */
  last: z.string().nullable(),
});
export type StreamOutcomes = z.infer<typeof StreamOutcomes>;
