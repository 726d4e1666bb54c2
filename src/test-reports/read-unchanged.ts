import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { ReportFailure } from '../core/test-report.ts';

/**
 * Hands a file's bytes to `read` and closes it. A file that is too large is refused before its first byte is read, and one
 * that another process writes or replaces meanwhile is no report of one run. What `read` throws itself is not caught, but
 * for a disk that cannot be read.
 */
export async function readUnchanged(
  handle: FileHandle,
  bytesMax: number,
  read: (bytes: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<ReportFailure | null> {
  try {
    const before = await handle.stat({ bigint: true });
    if (before.size > BigInt(bytesMax)) return tooLarge(before.size, bytesMax);
    await read(chunksOf(handle));
    return changed(before, await handle.stat({ bigint: true }));
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return { reason: 'unreadable', message: `reading stopped: ${error.message}`, hint: 'check the disk' };
  } finally {
    await handle.close();
  }
}

/** Each chunk is valid until the next one is asked for: they share one buffer, so that a long file leaves no garbage. */
async function* chunksOf(handle: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(256 * 1024);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

function changed(before: BigIntStats, after: BigIntStats): ReportFailure | null {
  const same = before.size === after.size && before.mtimeNs === after.mtimeNs;
  if (same && after.nlink > 0n) return null;
  const how = same ? 'was replaced' : `changed (${before.size} bytes before, ${after.size} after)`;
  const hint = 'let every run write into a folder of its own, and let the suite’s command wait for what it starts';
  return { reason: 'changed', message: `the report ${how} while it was read: another process writes it`, hint };
}

function tooLarge(bytes: bigint, bytesMax: number): ReportFailure {
  const message = `the report has ${bytes} bytes, more than ${bytesMax}`;
  return { reason: 'too-large', message, hint: 'split the suite into several reports' };
}
