import { join } from 'node:path';
import { z } from 'zod';

/** An image of the embedded store, read from a reference like `loop.local/chat/backend@<commit>`. */
export interface ImageReference {
  readonly repository: string;
  /** The folder inside the repository, `/`-separated, without a leading slash. */
  readonly path: string;
  readonly commit: string;
}

/** What `image.json` in an image's folder says. */
export const ImageRecord = z.object({
  image: z.string().min(1),
  commit: z.string().regex(/^[0-9a-f]{7,64}$/),
  /** Of the tree that was archived. */
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  createdAt: z.iso.datetime(),
});
export type ImageRecord = z.infer<typeof ImageRecord>;

const segment = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

/** Null for anything that is not an image of the embedded store, a name that would leave its folder included. */
export function parseImage(image: string): ImageReference | null {
  const match = /^loop\.local\/([^/@]+)\/([^@]+)@([0-9a-f]{7,64})$/.exec(image);
  const [, repository, path, commit] = match ?? [];
  if (repository === undefined || path === undefined || commit === undefined) return null;
  if (![repository, ...path.split('/')].every((part) => segment.test(part))) return null;
  return { repository, path, commit };
}

export function imageName({ repository, path, commit }: ImageReference): string {
  return `loop.local/${repository}/${path}@${commit}`;
}

/** Where the image lives: a folder with `image.json` and `root/`, the app. Null when the reference is not one of ours. */
export function imageFolder(stateFolder: string, image: string): string | null {
  const reference = parseImage(image);
  if (reference === null) return null;
  return join(stateFolder, 'images', reference.repository, ...reference.path.split('/'), reference.commit);
}

export function imageRoot(folder: string): string {
  return join(folder, 'root');
}

export function imageRecordFile(folder: string): string {
  return join(folder, 'image.json');
}
