import type { runProgram } from '../process/run-program.ts';

export interface GitSettings {
  /** Where loop keeps `clone.git` and `worktrees/`; made when it is not there. */
  readonly folder: string;
  /** `https://…`, `http://…` or `file://…`, without credentials. */
  readonly remoteUrl: string;
  /** Sent as a header to the remote's origin only; never in an argv, a URL or a file. */
  readonly token: string | null;
  /** The branch that loop never pushes to. */
  readonly base: string;
  /** Author and committer of what loop commits. */
  readonly identity: { readonly name: string; readonly email: string };
  /** One folder, such as installed dependencies, that every worktree shares and Git does not see. */
  readonly link: { readonly name: string; readonly target: string } | null;
  /** Of it are taken: the PATH, certificates, and, for remotes on other machines, the proxies. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly run: typeof runProgram;
}
