import { StringDecoder } from 'node:string_decoder';
import { openRegularFile } from '../test-reports/regular-file.ts';

const pieceBytes = 256 * 1024;

/** A file that grows: each `read` hands on what came since the last one. One that is not there, or no plain file in its folder, has nothing. */
export interface FollowedFile {
  read(): Promise<void>;
}

export function followFile(file: string, folder: string, take: (text: string) => void): FollowedFile {
  const decoder = new StringDecoder('utf8');
  let at = 0;
  let reading: Promise<void> = Promise.resolve();
  const readOn = async (): Promise<void> => {
    const opened = await openRegularFile(file, folder);
    if (!opened.ok) return;
    try {
      const piece = Buffer.alloc(pieceBytes);
      while (at < opened.bytes) {
        const { bytesRead } = await opened.handle.read(piece, 0, pieceBytes, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        take(decoder.write(piece.subarray(0, bytesRead)));
      }
    } finally {
      await opened.handle.close();
    }
  };
  return {
    /** One after the other, so that nothing is handed on twice; a file that cannot be read any more has nothing to say. */
    read() {
      reading = reading.then(readOn).catch(() => undefined);
      return reading;
    },
  };
}
