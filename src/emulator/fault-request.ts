import { z } from 'zod';

/** How a call is refused: by a name that stands for Cloud Run's own code and words, or by a code and words of the test. */
const faultPresets = ['permission-denied', 'quota', 'aborted', 'unavailable', 'deadline-exceeded', 'hang'] as const;
export type FaultPreset = (typeof faultPresets)[number];

const times = z.number().int().min(1).max(10_000).default(1);
/** `UpdateService`, `ListLogEntries`, …; a v1 call meets the fault of the v2 method that it stands for. */
const method = z.string().min(1);

const FailNext = z.union([
  z.strictObject({ method, preset: z.enum(faultPresets), times }),
  z.strictObject({ method, code: z.number().int().min(1).max(16), message: z.string(), times }),
]);
export type FailNext = z.infer<typeof FailNext>;

const Fault = z.strictObject({
  /** The one service that it is about; all of them when left out. */
  service: z.string().optional(),
  /** The next `times` calls of a method are refused, or (`hang`) never answered. */
  failNext: FailNext.optional(),
  /** A revision takes so much longer to become ready. */
  readySlowMs: z.number().int().min(0).max(60_000).optional(),
  /** The next revisions fail before their program is started. */
  revisionFails: z.enum(['quota', 'image-permission']).optional(),
  /** The API gives neither the service nor its tags an address; the ports that are open stay open. */
  tagUrlsDisabled: z.boolean().optional(),
  /** The front end lets in only callers with an ID token for this service. */
  private: z.boolean().optional(),
  /** A sink's exclusion drops the request entries. */
  requestLogsExcluded: z.boolean().optional(),
  /** All entries of `run.googleapis.com` are dropped; audit entries cannot be excluded. */
  noLogs: z.boolean().optional(),
  /** Entries can be read so much later than they were written. */
  ingestionDelayMs: z.number().int().min(0).max(600_000).optional(),
  /** Further `ListLogEntries` within a minute are RESOURCE_EXHAUSTED. Of the whole project. */
  logReadsPerMinute: z.number().int().min(0).max(10_000).optional(),
});
export type Fault = z.infer<typeof Fault>;

const faultsMax = 50;

/** The body of `POST /faults`: one fault, or several that hold at once. `{}` clears. */
export const FaultRequest = z.union([Fault, z.strictObject({ faults: z.array(Fault).max(faultsMax) })]);
export type FaultRequest = z.infer<typeof FaultRequest>;

export function faultsOf(request: FaultRequest): readonly Fault[] {
  return 'faults' in request ? request.faults : [request];
}

/** What is wrong with a body, in one line for a person. */
export function faultMistake(body: unknown): string {
  const knobs = Object.keys(Fault.shape).join(', ');
  const listed = typeof body === 'object' && body !== null && 'faults' in body;
  const strict = listed ? z.strictObject({ faults: z.array(Fault).max(faultsMax) }) : Fault;
  const issue = strict.safeParse(body).error?.issues[0];
  const where = issue?.path.join('.') || 'body';
  return `POST /faults: ${where}: ${issue?.message ?? 'not readable'}; a fault is an object with some of: ${knobs}`;
}
