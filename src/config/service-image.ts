import { placeholdersIn } from './service-env.ts';

const commitShape = /\$\{commit\}/g;

/** A service's `image` for one commit. */
export function imageOfCommit(image: string, commit: string): string {
  return image.replaceAll(commitShape, commit);
}

/** Placeholders of an `image` that stand for nothing. */
export function unknownInImage(image: string): string[] {
  return placeholdersIn(image.replaceAll(commitShape, ''));
}

/** Whether the image's name tells the commit: one that does not would run under a commit that it may not hold. */
export function namesCommit(image: string): boolean {
  return image.search(commitShape) >= 0;
}
