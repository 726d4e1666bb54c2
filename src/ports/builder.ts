import type { Result } from '../core/result.ts';

export interface BuiltImage {
  /** What a deployer is given, e.g. `loop.local/chat/backend@<commit>`. */
  readonly image: string;
  /** `sha256:` of what was built; null where the image's name does not tell it. */
  readonly digest: string | null;
}

/**
 * Turns one folder of one commit into an image. The same commit and folder give the same image; built already is success.
 * `image` is the reference that the service's config names for images which someone else's build pushed, `${commit}` in it.
 */
export interface Builder {
  build(request: { commit: string; path: string; image?: string }, signal: AbortSignal): Promise<Result<BuiltImage>>;
}
