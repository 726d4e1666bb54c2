import { accessSync } from 'node:fs';
import { ImageRecord, imageFolder, imageRecordFile, imageRoot } from '../../core/image-store.ts';
import { readJson } from '../json-file.ts';

/** The folder a container of this image starts in; null when the store has no such image. */
export function findImageRoot(stateFolder: string, image: string): string | null {
  const folder = imageFolder(stateFolder, image);
  if (folder === null || readJson(imageRecordFile(folder), ImageRecord).state !== 'read') return null;
  try {
    accessSync(imageRoot(folder));
    return imageRoot(folder);
  } catch {
    return null;
  }
}
