import type { FileHandle } from 'node:fs/promises';
import type { ReportFailure, ReportReading } from '../core/test-report.ts';
import { decodeHead } from './decode.ts';
import { type Merge, makeMerge } from './merge-reports.ts';
import { peekHead } from './peek-head.ts';
import { openRegularFile } from './regular-file.ts';
import type { ReadOptions, ReportFormat } from './report-format.ts';
import { firstMarkup } from './xml/xml-prolog.ts';

/** A report with the name that messages use for it. */
export interface ReportSource {
  readonly file: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Reads the files of one suite, in the order given, as one report. Paths may be relative to `folder` and must lie in it. */
export async function readFiles(
  files: readonly string[],
  formats: readonly ReportFormat[],
  options: ReadOptions & { readonly folder: string },
): Promise<ReportReading> {
  const merge = makeMerge();
  if (files.length === 0) merge.fail(noFile);
  for (const file of files) {
    const opened = await openRegularFile(file, options.folder);
    if (!opened.ok) {
      merge.fail(opened.failure);
      continue;
    }
    const bytes = chunksOf(opened.handle);
    const failure = await readSafely(() => readInto(merge, { file, bytes }, formats, options));
    if (failure !== null) merge.fail({ ...failure, file });
  }
  return merge.reading();
}

/** Each chunk is valid until the next one is asked for: they share one buffer, so that a long file leaves no garbage. */
async function* chunksOf(handle: FileHandle): AsyncGenerator<Uint8Array> {
  try {
    const buffer = Buffer.allocUnsafeSlow(256 * 1024);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** A disk that cannot be read is a refusal; anything else that is thrown is not ours to explain. */
async function readSafely(read: () => Promise<void>): Promise<ReportFailure | null> {
  try {
    await read();
    return null;
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return { reason: 'unreadable', message: `reading stopped: ${error.message}`, hint: 'check the disk' };
  }
}

export async function readSources(
  sources: readonly ReportSource[],
  formats: readonly ReportFormat[],
  options: ReadOptions,
): Promise<ReportReading> {
  const merge = makeMerge();
  if (sources.length === 0) merge.fail(noFile);
  for (const source of sources) await readInto(merge, source, formats, options);
  return merge.reading();
}

const noFile: ReportFailure = {
  reason: 'no-file',
  message: 'no report was found',
  hint: 'the runner wrote none, or not where `report: path` looks',
};

async function readInto(
  merge: Merge,
  source: ReportSource,
  formats: readonly ReportFormat[],
  options: ReadOptions,
): Promise<void> {
  const { head, all, stop } = await peekHead(source.bytes);
  const format = formats.find((candidate) => candidate.detect(head));
  if (format === undefined) {
    merge.fail({ ...unknownFormat(head, formats), file: source.file });
    await stop();
    return;
  }
  merge.add(
    source.file,
    format.name,
    await format.read(all, merge.store.add, { ...options, emitPassed: merge.store.addPassed }),
  );
}

function unknownFormat(head: Uint8Array, formats: readonly ReportFormat[]): ReportFailure {
  const names = formats.map(({ name }) => name).join(', ');
  const hint = `loop reads: ${names}`;
  const text = decodeHead(head);
  if (text.trim() === '') {
    const why = 'the runner was stopped before it wrote its report, or wrote it elsewhere';
    return {
      reason: 'empty',
      message: head.length === 0 ? 'the report has 0 bytes' : 'the report is blank',
      hint: why,
    };
  }
  const first = firstMarkup(text);
  if (first.is === 'conflict' || /^(?:<{7}|>{7}) /m.test(text)) {
    return {
      reason: 'conflict-markers',
      message: 'the file holds merge conflict markers',
      hint: 'run the suite again',
    };
  }
  const found =
    first.is === 'element' ? `it begins with <${first.name.slice(0, 80)}>` : 'its beginning is none that loop knows';
  return { reason: 'unknown-format', message: `the report's format is not known: ${found}`, hint };
}
