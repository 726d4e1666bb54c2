import { canonicalJson, sha256 } from '../core/canonical-json.ts';

/** Names a cause or a log cluster over runs and revisions: 12 hex digits of the SHA-256 of its parts, in order. */
export function fingerprintOf(parts: readonly string[]): string {
  return sha256(canonicalJson(parts)).slice(0, 12);
}
