/** How much of a report is read before it is refused. Counts, characters (UTF-16 units) or bytes, as the name says. */
export interface ReportLimits {
  readonly depth: number;
  readonly attributes: number;
  readonly tokenChars: number;
  readonly cases: number;
  readonly fileBytes: number;
  /** Longer names are cut and end in a hash, so that ids stay short and distinct. */
  readonly nameChars: number;
  /** Of each message, stack, stdout and stderr that much is kept; the report file itself is the whole. */
  readonly keptChars: number;
  readonly problems: number;
}

export const defaultLimits: ReportLimits = {
  depth: 64,
  attributes: 256,
  tokenChars: 16 * 1024 * 1024,
  cases: 5_000_000,
  fileBytes: 2 * 1024 * 1024 * 1024,
  nameChars: 1024,
  keptChars: 64 * 1024,
  problems: 50,
};
