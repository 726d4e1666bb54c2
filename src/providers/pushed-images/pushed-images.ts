import { imageOfCommit } from '../../config/service-image.ts';
import { fail, succeed } from '../../core/result.ts';
import type { Builder } from '../../ports/builder.ts';

/**
 * Images that the team's own build pushed: nothing is built, the service's `image` names the one of a commit. Whether it is there
 * the platform says when it starts it. The digest is known only where the reference holds it.
 */
export function pushedImagesBuilder(): Builder {
  return {
    build: async ({ commit, path, image }) => {
      if (image === undefined) return notNamed(path);
      const reference = imageOfCommit(image, commit);
      return succeed({ image: reference, digest: /@(sha256:[0-9a-f]{64})$/.exec(reference)?.[1] ?? null });
    },
  };
}

/** Only the embedded environment builds by itself. */
function notNamed(path: string): ReturnType<typeof fail> {
  return fail(
    'config',
    `${path} has no image: loop builds images for the embedded environment only`,
    `name the pushed one with image: …/name:\${commit}, deploy with how: command, or say --deploy never`,
  );
}
