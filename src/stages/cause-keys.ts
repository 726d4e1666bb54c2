/** Names of what outlives runs: they are looked up at the forge before anything is made. */
export const issueKey = (fingerprint: string) => `cause/${fingerprint}`;
export const pullKey = (fingerprint: string, attempt: number) => `cause/${fingerprint}/${attempt}`;
export const fixBranch = (fingerprint: string, attempt: number) => `loop/fix/${fingerprint}-${attempt}`;
export const fixWorktree = (fingerprint: string, attempt: number) => `fix-${fingerprint}-${attempt}`;
/** The tag that reaches the candidates of one HEAD. */
export const candidateTag = (head: string | null) => `loop-${(head ?? '').slice(0, 12)}`;
export const fixTag = (fingerprint: string, attempt: number) => `fix-${fingerprint.slice(0, 12)}-${attempt}`;

/** The fingerprint in an issue's or pull request's key; null for another kind of key. */
export function fingerprintIn(key: string | null): string | null {
  return /^cause\/([0-9a-f]+)(?:\/\d+)?$/.exec(key ?? '')?.[1] ?? null;
}
