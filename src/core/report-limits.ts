/** A report is kept as evidence, for which it is held in memory as one text. */
export const reportBytesMax = 256 * 1024 * 1024;

/** Every test of it is held in memory, and looked at before Ctrl-C is. */
const reportCasesMax = 500_000;

/** What a run reads of a suite's reports, and its replay again. */
export const reportLimits = { fileBytes: reportBytesMax, cases: reportCasesMax };
