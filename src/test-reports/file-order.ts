import { begunAt } from './begun-at.ts';
import { decodeHead } from './decode.ts';
import { openRegularFile } from './regular-file.ts';

const headBytesMax = 16 * 1024;

/** Files by the times that their reports name, the earliest first; as they were given where one of them names none. */
export async function inOrderOfTime(files: readonly string[], folder: string): Promise<readonly string[]> {
  const dated: { file: string; at: number }[] = [];
  for (const file of files) {
    const at = await timeOf(file, folder);
    if (at === null) return files;
    dated.push({ file, at });
  }
  return dated.toSorted((left, right) => left.at - right.at).map(({ file }) => file);
}

async function timeOf(file: string, folder: string): Promise<number | null> {
  const opened = await openRegularFile(file, folder);
  if (!opened.ok) return null;
  try {
    const { buffer, bytesRead } = await opened.handle.read(Buffer.alloc(headBytesMax), 0, headBytesMax, 0);
    return begunAt(decodeHead(buffer.subarray(0, bytesRead)));
  } catch {
    // A disk that cannot be read is told by who reads the file to its end.
    return null;
  } finally {
    await opened.handle.close();
  }
}
