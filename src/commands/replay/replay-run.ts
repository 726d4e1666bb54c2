import { phaseConditions } from '../../analysis/measured-conditions.ts';
import { sumCounts } from '../../core/counts.ts';
import { forgiveFlaky } from '../../core/flaky-budget.ts';
import { judgePhase, rateSentence } from '../../core/judge-phase.ts';
import { judgeRun } from '../../core/judge-run.ts';
import type { Control, PhaseResult, RunRecord, SuiteResult } from '../../core/record.ts';
import { checkEvidence } from './check-evidence.ts';
import { replayControl } from './replay-control.ts';
import { type ReplayedConfig, replaySuite } from './replay-suite.ts';

/** One line of the comparison. */
interface ReplayedPart {
  readonly what: string;
  readonly recorded: string;
  readonly replayed: string;
}

export interface RunReplay {
  readonly artifacts: number;
  readonly parts: readonly ReplayedPart[];
  /** What keeps the replay from being the same: artefacts that are missing or changed, parts that differ. */
  readonly problems: readonly string[];
}

/** The run's verdict computed again from what is stored in its folder, beside what its record says. */
export async function replayRun(folder: string, record: RunRecord): Promise<RunReplay> {
  const evidence = await checkEvidence(folder, record.evidence);
  const stored = [...evidence.files.values()].findLast(({ kind }) => kind === 'config');
  const config = stored ? (JSON.parse(stored.text) as ReplayedConfig) : null;
  const control = replayControl(record.control, evidence);
  const phases =
    config === null
      ? record.phases
      : forgiveFlaky(
          await Promise.all(record.phases.map((phase) => replayPhase(phase, config))),
          control,
          config.pipeline.flakyBudget,
        );
  const parts = [
    ...record.phases.flatMap((phase, index) => phaseParts(phase, phases[index] ?? phase)),
    ...(record.control.length === 0
      ? []
      : [{ what: 'control', recorded: controlText(record.control), replayed: controlText(control) }]),
    {
      what: 'run',
      recorded: verdictText(record),
      replayed: verdictText({ ...record, verdict: judgeRun({ ...record, phases }) }),
    },
  ];
  const noConfig = config === null && record.phases.length > 0 ? ['the resolved configuration is not stored'] : [];
  const differing = parts.filter(({ recorded, replayed }) => recorded !== replayed);
  return {
    artifacts: evidence.files.size,
    parts,
    problems: [
      ...evidence.problems,
      ...noConfig,
      ...differing.map(({ what, recorded, replayed }) => `${what} differs: recorded ${recorded}, replayed ${replayed}`),
    ],
  };

  async function replayPhase(phase: PhaseResult, known: ReplayedConfig): Promise<PhaseResult> {
    // Not reached: there is nothing stored to judge it by.
    if (phase.verdict === null) return phase;
    const gate = known.pipeline.phases.find(({ name }) => name === phase.name)?.gate ?? null;
    const replay = { record, config: known, evidence, folder };
    const suites = await Promise.all(phase.suites.map((suite) => replaySuite(suite, gate, replay)));
    const read = async (id: string) => evidence.files.get(id) ?? null;
    const conditions = await phaseConditions(phase.name, suites, known.pipeline, record, read);
    return judgePhase({ name: phase.name, thresholdPermille: gate, conditions }, suites);
  }
}

function phaseParts(recorded: PhaseResult, replayed: PhaseResult): ReplayedPart[] {
  const suites = recorded.suites.map((suite) => {
    const again = replayed.suites.find(({ name }) => name === suite.name) ?? suite;
    return { what: `suite ${suite.name}`, recorded: suiteText(suite), replayed: suiteText(again) };
  });
  const phase = { what: `phase ${recorded.name}`, recorded: phaseText(recorded), replayed: phaseText(replayed) };
  return [...suites, phase];
}

function controlText(control: readonly Control[]): string {
  return control
    .map(({ candidate, reference }) => `${candidate?.runs || 'none'}/${reference?.runs || 'none'}`)
    .join(' ');
}

function suiteText({ verdict, counts, criteria }: SuiteResult): string {
  const states = criteria.map(({ state }) => state).join(', ');
  return `${verdict}, ${rateSentence(counts)}${states === '' ? '' : `; criteria ${states}`}`;
}

function phaseText({ verdict, suites }: PhaseResult): string {
  if (verdict === null) return 'not reached';
  return `${verdict}, ${rateSentence(sumCounts(suites.map(({ counts }) => counts)))}`;
}

function verdictText({ verdict }: Pick<RunRecord, 'verdict'>): string {
  return verdict === null ? 'no verdict' : `${verdict.value}, ${rateSentence(verdict.counts)}`;
}
