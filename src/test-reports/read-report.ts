import type { ReportFailure, ReportReading } from '../core/test-report.ts';
import { inOrderOfTime } from './file-order.ts';
import { defaultLimits } from './limits.ts';
import { type Merge, makeMerge } from './merge-reports.ts';
import { peekHead } from './peek-head.ts';
import { readUnchanged } from './read-unchanged.ts';
import { openRegularFile } from './regular-file.ts';
import type { ReadOptions, ReportFormat } from './report-format.ts';
import { unknownFormat } from './unknown-format.ts';

/** A report with the name that messages use for it. */
export interface ReportSource {
  readonly file: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Reads the files of one suite, in the order given, as one report. Paths may be relative to `folder` and must lie in it. Where
 * a later test may be an attempt of an earlier one, files are read in the order of the times that they name.
 */
export async function readFiles(
  files: readonly string[],
  formats: readonly ReportFormat[],
  options: ReadOptions & { readonly folder: string },
): Promise<ReportReading> {
  const merge = makeMerge(options);
  if (files.length === 0) merge.fail(noFile);
  const ordered = options.retries === 'same-name' ? await inOrderOfTime(files, options.folder) : files;
  for (const file of ordered) {
    const opened = await openRegularFile(file, options.folder);
    const failure = opened.ok
      ? await readUnchanged(opened.handle, maxBytes(options), (bytes) =>
          readInto(merge, { file, bytes }, formats, options),
        )
      : opened.failure;
    if (failure !== null) merge.fail({ ...failure, file });
  }
  return merge.reading();
}

function maxBytes({ limits }: ReadOptions): number {
  return limits?.fileBytes ?? defaultLimits.fileBytes;
}

export async function readSources(
  sources: readonly ReportSource[],
  formats: readonly ReportFormat[],
  options: ReadOptions,
): Promise<ReportReading> {
  const merge = makeMerge(options);
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
    merge.fail({
      ...unknownFormat(
        head,
        formats.map(({ name }) => name),
      ),
      file: source.file,
    });
    await stop();
    return;
  }
  merge.add(
    source.file,
    format.name,
    await format.read(all, merge.store.add, { ...options, emitPassed: merge.store.addPassed }),
  );
}
