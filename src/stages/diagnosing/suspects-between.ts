import { type CommitWithLines, rankSuspects } from '../../analysis/suspects.ts';
import type { Cited } from '../../analysis/why-chain.ts';
import type { RedTest, Suspect } from '../../core/record.ts';
import { plain, proven } from '../../ports/journal.ts';
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
  const withLines: CommitWithLines[] = [];
  for (const commit of commits.value.slice(0, commitsMax)) {
    const lines = await parts.repository.changedLines(commit.sha, run.signal);
    withLines.push({ ...commit, lines: lines.ok ? lines.value : [] });
  }
  const ranked = rankSuspects({
    reds: request.reds,
    commits: withLines,
    servicePath: request.servicePath,
    logMentions: request.logMentions,
  });
  return Promise.all(ranked.map((suspect) => cited(`${request.key}/${suspect.commit}`, suspect, parts, run)));
}

async function cited(key: string, suspect: Suspect, parts: DiagnosingParts, run: StageRun): Promise<Cited<Suspect>> {
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
  return { ...suspect, evidence: evidence ? [evidence] : [] };
}
