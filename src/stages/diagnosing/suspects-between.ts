import { type CommitWithLines, rankSuspects } from '../../analysis/suspects.ts';
import type { Cited } from '../../analysis/why-chain.ts';
import type { RedTest, Suspect } from '../../core/record.ts';
import { plain, proven } from '../../ports/journal.ts';
import type { CommitFacts } from '../../ports/repository.ts';
import type { StageRun } from '../../ports/stage.ts';
import type { DiagnosingParts } from './diagnosing-parts.ts';

const commitsMax = 200;
const patchBytesMax = 200_000;

/** Ranks the commits between the reference's commit and the judged one; each suspect cites its own diff. */
export async function suspectsBetween(
  request: {
    key: string;
    from: string | null;
    reds: readonly RedTest[];
    servicePath: string;
    logMentions: readonly string[];
  },
  parts: DiagnosingParts,
  run: StageRun,
): Promise<Cited<Suspect>[]> {
  const { from } = request;
  const head = run.record.run.head;
  if (!from || !head || from === head) return [];
  const commits = await parts.repository.commitsBetween(from, head, run.signal);
  if (!commits.ok) {
    run.note(`no suspects: ${commits.failure.message}`);
    return [];
  }
  const { suspects, evidence } = await ranking({ ...request, from, head, commits: commits.value }, parts, run);
  const all = suspects.map((suspect) => cited(`${request.key}/${suspect.commit}`, suspect, evidence, parts, run));
  return Promise.all(all);
}

interface Ranking {
  readonly suspects: readonly Suspect[];
  readonly evidence: string;
}

/** The scores are figures too: what they were computed from, and every one of them, is stored and can be cited. */
function ranking(
  request: Parameters<typeof suspectsBetween>[0] & { head: string; commits: readonly CommitFacts[] },
  parts: DiagnosingParts,
  run: StageRun,
): Promise<Ranking> {
  const { key, from, head, reds, servicePath, logMentions } = request;
  return run.journal.step<Ranking>(`${key}/ranking`, { from, head }, async () => {
    const commits: CommitWithLines[] = [];
    for (const commit of request.commits.slice(0, commitsMax)) {
      const lines = await parts.repository.changedLines(commit.sha, run.signal);
      commits.push({ ...commit, lines: lines.ok ? lines.value : [] });
    }
    const suspects = rankSuspects({ reds, commits, servicePath, logMentions });
    const content = JSON.stringify({ from, head, servicePath, logMentions, reds, suspects, commits }, null, 1);
    const source = `commits ${from?.slice(0, 12)}..${head.slice(0, 12)}, ranked`;
    const excerpt = suspects.map((one) => `${one.commit.slice(0, 12)} ${one.score}`).join(', ');
    const artifact = await run.artifacts.put({
      kind: 'ranking',
      source,
      at: run.now().toISOString(),
      content,
      excerpt,
    });
    return proven(artifact, (evidence) => ({ suspects, evidence }));
  });
}

async function cited(
  key: string,
  suspect: Suspect,
  ranked: string,
  parts: DiagnosingParts,
  run: StageRun,
): Promise<Cited<Suspect>> {
  const evidence = await run.journal.step<string | null>(key, { commit: suspect.commit }, async () => {
    const patch = await parts.repository.patch(suspect.commit, patchBytesMax, run.signal);
    if (!patch.ok) return plain(null);
    const source = `git show ${suspect.commit}`;
    const content = patch.value;
    const artifact = await run.artifacts.put({
      kind: 'commit',
      source,
      at: run.now().toISOString(),
      content,
      excerpt: suspect.title,
    });
    return proven(artifact, (id) => id);
  });
  return { ...suspect, evidence: evidence ? [evidence, ranked] : [] };
}
