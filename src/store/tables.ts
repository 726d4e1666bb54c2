import type { Generated } from 'kysely';

/** The tables. Times are UTC text with `Z`; JSON is text. */
export interface Tables {
  runs: {
    id: string;
    environment: string;
    pipeline: string;
    folder: string;
    state: string;
    verdict: string | null;
    started_at: string;
    ended_at: string | null;
    budget_ms_left: number;
    options: string;
    snapshot: string;
    machine: string;
    record: string;
    evidence_count: number;
  };
  steps: {
    run: string;
    key: string;
    state: string;
    input_sha256: string;
    tries: number;
    result: string | null;
    at: string;
  };
  events: { id: Generated<number>; run: string; key: string; seq: number; at: string; event: string };
  evidence: {
    run: string;
    n: number;
    kind: string;
    sha256: string;
    path: string;
    source: string;
    at: string;
    excerpt: string;
  };
  decisions: { id: Generated<number>; run: string; what: string; at: string; consumed_at: string | null };
  processes: { run: string; pid: number; started_ticks: string | null; at: string; ended: number };
  /** Names are long and come again every night: each is kept once. */
  test_names: { id: Generated<number>; suite: string; name: string };
  /** One judged suite of one cycle. */
  suite_runs: {
    id: Generated<number>;
    environment: string;
    suite: string;
    selection: string;
    run: string;
    cycle: number;
    revision: string | null;
    commit_sha: string | null;
    verdict: string;
    at: string;
    /** JSON: by rule in mode `warn` whether it held. */
    rules: string | null;
    narrowed: Generated<number>;
  };
  /** `outcome` is the character code of `P`, `F`, `E` or `S`. */
  test_results: { test: number; suite_run: number; outcome: number; duration_ms: number | null };
  suite_pieces: { environment: string; suite: string; item: string; duration_ms: number; at: string };
  leases: {
    environment: string;
    token: string;
    run: string;
    pid: number;
    process_start: string | null;
    host: string;
    since: string;
  };
  good_revisions: {
    environment: string;
    service: string;
    revision: string;
    commit_sha: string | null;
    run: string;
    at: string;
  };
  bad_revisions: { environment: string; service: string; revision: string; run: string; at: string; because: string };
  pinned_services: { environment: string; service: string; revision: string; run: string; at: string };
  causes: { environment: string; fingerprint: string; cause: string };
  fix_attempts: {
    environment: string;
    fingerprint: string;
    n: number;
    run: string;
    outcome: string;
    held: number;
    commit_sha: string | null;
    because: string;
  };
}
