import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImageRecord, imageFolder, imageName, imageRecordFile, imageRoot } from '../../core/image-store.ts';
import { fail, type Result, succeed } from '../../core/result.ts';
import type { Builder, BuiltImage } from '../../ports/builder.ts';
import type { Repository } from '../../ports/repository.ts';
import { treeDigest } from './tree-digest.ts';

interface Options {
  /** The embedded environment's state folder, which holds the image store. */
  readonly stateFolder: string;
  /** The repository's name in image references. */
  readonly repo: string;
  readonly repository: Pick<Repository, 'archive'>;
  /** A `node_modules` folder that is linked into each image; null for none. */
  readonly link: string | null;
  readonly now?: () => Date;
}

/**
 * Builds images of the embedded environment: the folder as it is in the commit, archived from loop's own clone.
 * A build happens beside the store and is moved in whole, so that two at once, or a crash, leave one whole image.
 */
export function localImagesBuilder(options: Options): Builder {
  return {
    build: async ({ commit, path }, signal) => {
      const image = imageName({ repository: options.repo, path, commit });
      const folder = imageFolder(options.stateFolder, image);
      if (folder === null) return fail('usage', `${image} is not a name that an image can have`);
      const built = await builtImage(folder);
      return built === null ? build(options, { commit, path, image, folder }, signal) : succeed(built);
    },
  };
}

interface Target {
  readonly commit: string;
  readonly path: string;
  readonly image: string;
  readonly folder: string;
}

async function build(options: Options, target: Target, signal: AbortSignal): Promise<Result<BuiltImage>> {
  const draft = join(options.stateFolder, 'images', `.draft-${randomUUID()}`);
  const root = imageRoot(draft);
  try {
    await mkdir(root, { recursive: true });
    const { commit, path } = target;
    const archived = await options.repository.archive({ commit, path, folder: root }, signal);
    if (!archived.ok) return archived;
    const { digest, files } = await treeDigest(root);
    if (files === 0)
      return fail('build', `commit ${commit} holds no file under ${path}`, 'check the `path` of the service');
    await linkDependencies(options.link, root);
    const createdAt = (options.now?.() ?? new Date()).toISOString();
    const record: ImageRecord = { image: target.image, commit, digest, createdAt };
    await writeFile(imageRecordFile(draft), `${JSON.stringify(record, null, 2)}\n`);
    return await moveIn(draft, target);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Whoever moves in first wins; the loser's build is the same tree and is thrown away. */
async function moveIn(draft: string, { folder, image }: Target): Promise<Result<BuiltImage>> {
  await mkdir(dirname(folder), { recursive: true });
  try {
    await rename(draft, folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
  const built = await builtImage(folder);
  if (built !== null) return succeed(built);
  return fail('build', `image ${image} is damaged`, `remove ${folder} and run again`);
}

/** The image that is there already; null when there is none, or what is there is damaged. */
async function builtImage(folder: string): Promise<BuiltImage | null> {
  try {
    const { image, digest } = ImageRecord.parse(JSON.parse(await readFile(imageRecordFile(folder), 'utf8')));
    return { image, digest };
  } catch {
    return null;
  }
}

async function linkDependencies(link: string | null, root: string): Promise<void> {
  if (link === null) return;
  try {
    await symlink(link, join(root, 'node_modules'), 'dir');
  } catch (error) {
    // A commit that holds its own dependencies keeps them.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
