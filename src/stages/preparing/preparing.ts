import { selectionSha256 } from '../../config/focus.ts';
import { thresholdsSha256 } from '../../config/thresholds.ts';
import { canonicalJson, sha256 } from '../../core/canonical-json.ts';
import { counted } from '../../core/count-words.ts';
import { misuse } from '../../core/exit-code.ts';
import type { RunRecord } from '../../core/record.ts';
import { allows } from '../../core/words.ts';
import { proven } from '../../ports/journal.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import { candidateTag } from '../cause-keys.ts';
import { overridesFromStart } from '../override-words.ts';
import type { StageParts } from '../parts.ts';
import { sweepTagged } from '../remove-tagged.ts';
import { problemOf } from '../trouble.ts';
import { storeSelection } from './store-selection.ts';

type Parts = Pick<
  StageParts,
  'environment' | 'pipeline' | 'selection' | 'options' | 'override' | 'deployer' | 'repository' | 'forge' | 'ref'
>;

const earlierRunsShown = 5;
const recentPullsShown = 10;

/** Fixes what the run is about before anything is touched: HEAD, selection, thresholds, and what is known from before. */
export function preparing(parts: Parts): Stage<'preparing'> {
  return async (run) => {
    const head = await parts.repository.fetch(parts.ref, run.signal);
    if (!head.ok) {
      const known = problemOf('preparing', head.failure, true);
      // A ref that a person made up blocks nobody.
      const problem = head.failure.code === 'usage' ? { ...known, code: misuse, blocks: false } : known;
      return {
        facts: { ready: false },
        patch: { problems: [...run.record.problems, problem] },
        said: problem.blocks ? `the repository could not be read: ${problem.message}` : problem.message,
        ok: false,
      };
    }
    const configSha256 = await storeConfig(parts, run);
    const context = await knownBefore(parts, run);
    if (!parts.options.dryRun && allows(parts.options.level, 'propose')) {
      const swept = await sweepTagged(candidateTag(head.value), parts, run);
      if (swept.length > 0) run.note(`removed what earlier runs left behind: ${swept.join(', ')}`);
    }
    // What a person switched off is said before anything is done, and stays in the record.
    const overrides = overridesFromStart(parts, run.redact);
    for (const override of overrides) run.note(override);
    const { selection } = parts;
    const stored = await storeSelection(parts, run);
    const { impact } = selection;
    if (impact !== null && impact.to !== null && impact.to !== head.value)
      run.note(`HEAD moved on after the selection was made: ${impact.to} then, ${head.value} now`);
    const patch: Partial<RunRecord> = {
      run: { ...run.record.run, head: head.value, configSha256, thresholdsSha256: thresholdsSha256(parts.pipeline) },
      selection: stored,
      overrides: [...run.record.overrides, ...overrides],
      ...context,
    };
    const count = selection.suites.filter((suite) => suite.selected).length;
    const judged = parts.ref ?? `HEAD of ${parts.environment.repository.base}`;
    const said = `${judged} is ${head.value.slice(0, 12)}; ${count} of ${counted(selection.suites.length, 'suite')} selected`;
    return { facts: { ready: true }, patch, said, ok: true };
  };
}

/** The resolved config is an artefact too: replay judges by it. Secrets are named in it, never held. */
async function storeConfig(parts: Parts, run: StageRun): Promise<string> {
  const config = { environment: parts.environment, pipeline: parts.pipeline };
  const text = JSON.stringify(config, null, 2);
  await run.journal.step(`${run.key}/config`, sha256(canonicalJson(config)), async () => {
    const source = `config/${parts.environment.environment}.yaml and pipelines/${parts.pipeline.pipeline}.yaml, resolved`;
    const artifact = await run.artifacts.put({
      kind: 'config',
      source,
      at: run.now().toISOString(),
      content: text,
      excerpt: source,
    });
    return proven(artifact, (evidence) => evidence);
  });
  return sha256(text);
}

/** What is known before: the forge may be out of reach, and that is said, not fatal: nothing is published without it later. */
async function knownBefore(parts: Parts, run: StageRun): Promise<Pick<RunRecord, 'context' | 'problems'>> {
  const lastRuns = await run.memory.lastRuns(parts.pipeline.pipeline, earlierRunsShown);
  const issues = await parts.forge.issues(run.signal);
  const pulls = await parts.forge.pulls(run.signal);
  const failures = [issues, pulls].flatMap((answer) =>
    answer.ok ? [] : [problemOf('preparing', answer.failure, false)],
  );
  return {
    problems: [...run.record.problems, ...failures.slice(0, 1)],
    context: {
      lastRuns: [...lastRuns],
      openIssues: (issues.ok ? issues.value : [])
        .filter((issue) => issue.state === 'open' && issue.key !== null)
        .map(({ number, title, key }) => ({ number, title, key: key ?? '', state: 'not-tested' as const })),
      recentPulls: (pulls.ok ? pulls.value : [])
        .slice(0, recentPullsShown)
        .map(({ number, title, key, state }) => ({ number, title, key: key ?? '', state })),
      baselines: await baselines(parts, run),
    },
  };
}

/** What each selected suite will be held against, and how old that is. */
async function baselines({ selection }: Parts, run: StageRun): Promise<RunRecord['context']['baselines']> {
  const sha256 = selectionSha256(selection);
  const rows: RunRecord['context']['baselines'] = [];
  for (const { name } of selection.suites.filter((suite) => suite.selected)) {
    const baseline = await run.memory.history.baseline(name, sha256);
    if (baseline === null) continue;
    const ageSeconds = Math.round((run.now().getTime() - Date.parse(baseline.at)) / 1000);
    rows.push({ suite: name, run: baseline.run, ageSeconds });
  }
  return rows;
}
