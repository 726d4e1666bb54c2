import { describedServices } from './described-services.ts';
import { errorsIn, type TranscriptError } from './error-blocks.ts';
import { lastRun } from './last-run.ts';
import { type ServiceClaim, servicesIn } from './service-claims.ts';
import { doubtsIn } from './transcript-doubts.ts';
import { type Line, type ReadLines, readLines } from './transcript-lines.ts';

/** What a deploy command said. None of it is proof: the platform's answer decides. */
export interface DeployTranscript {
  /** Null when the command was killed, or where only its words are left. */
  readonly exitCode: number | null;
  readonly saysSuccess: boolean;
  readonly errors: readonly TranscriptError[];
  readonly doubts: readonly string[];
  readonly services: readonly ServiceClaim[];
  /** It neither ended by itself nor said how it went, or bytes of it are lost. */
  readonly incomplete: boolean;
  /** It is the platform's own description of services, not the words of a command. */
  readonly described: boolean;
}

/** What a command said when it was done, for the whole or for one service; and what takes it back. */
const success =
  /\b(?:deployed successfully|successfully deployed|has been deployed and is serving|deployment (?:was |has )?(?:successful|succeeded|complete(?:d)?)\b|apply complete!|deploy(?:ment)? succeeded|build and deploy complete)/i;
const noSuccess = /\b(?:not|never|0 services|no services|none)\b.{0,40}\bdeployed|\bif\b|\bonce\b|\?\s*$/i;
const failure = /^\W*(?:failed to deploy|deployment failed|deploy failed|error:)/i;

/**
 * Reads the output of a deploy command, however it was redirected. `exitCode` is null when it was killed, undefined when
 * only a file is left, so that the text must say itself how it ended.
 */
export function readTranscript(bytes: Uint8Array, exitCode?: number | null): DeployTranscript {
  const read = readLines(bytes);
  const described = describedServices(read.lines.map(({ text }) => text).join('\n'));
  if (described !== null) return ofDescription(described, read, exitCode ?? null);
  const run = lastRun(read.lines);
  const errors = errorsIn(run.lines);
  const successAt = run.lines.findLast(({ text }) => success.test(text) && !noSuccess.test(text))?.n ?? null;
  const failedAt = Math.max(errors.at(-1)?.line ?? 0, run.lines.findLast(({ text }) => failure.test(text))?.n ?? 0);
  const saysSuccess = successAt !== null && successAt > failedAt;
  const ends = exitCode === undefined ? successAt !== null || failedAt > 0 : exitCode !== null;
  const doubts = [
    ...read.doubts,
    ...(ends ? [] : [`cut off: it does not say how it ended, its last line is ${lastWords(run.lines)}`]),
    ...(run.runs > 1 ? [`${run.runs} runs in one file: only the last one counts`] : []),
    ...doubtsIn(run.lines, saysSuccess, saysSuccess ? successAt : null),
  ];
  const services = servicesIn(run.lines, errors);
  const incomplete = !ends || read.damaged;
  return { exitCode: exitCode ?? null, saysSuccess, errors, doubts, services, incomplete, described: false };
}

function ofDescription(
  { services, doubts }: NonNullable<ReturnType<typeof describedServices>>,
  read: ReadLines,
  exitCode: number | null,
): DeployTranscript {
  return {
    exitCode,
    saysSuccess: services.length > 0 && services.every(({ claim }) => claim === 'deployed'),
    errors: [],
    doubts: [...read.doubts, ...doubts],
    services,
    incomplete: read.damaged,
    described: services.some(({ claim }) => claim === 'ready' || claim === 'not-ready'),
  };
}

function lastWords(lines: readonly Line[]): string {
  const last = lines.at(-1);
  return last === undefined ? 'not there' : `"${last.text.trim().slice(0, 80)}"`;
}
