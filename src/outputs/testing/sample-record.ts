import { judgePhase } from '../../core/judge-phase.ts';
import { judgeRun } from '../../core/judge-run.ts';
import { noCounts, type RunRecord, type SuiteResult } from '../../core/record.ts';
import { sampleCause, sampleControl, sampleFix } from './sample-cause.ts';
import {
  candidate,
  deployment,
  evidenceList,
  executionLog,
  headCommit,
  health,
  publishedOnce,
  redSuite,
} from './sample-parts.ts';

/** The embedded default's first run: 5 of 8 in the safety phase, a control that blames the revision, a proven fix, a pull request. */
export function sampleRecord(): RunRecord {
  return judged({
    ...emptyRecord(),
    deployments: [
      deployment('auth', 'stable', 'E2'),
      deployment('backend', 'stable', 'E3'),
      deployment('frontend', 'stable', 'E4'),
      candidate('auth', 'E5'),
      candidate('backend', 'E6'),
      candidate('frontend', 'E7'),
    ],
    health: [health('auth', 'E8'), health('backend', 'E9'), health('frontend', 'E10')],
    phases: [judgePhase({ name: 'safety', thresholdPermille: 800 }, [redSuite()])],
    totals: redSuite().counts,
    control: sampleControl(),
    logs: {
      filter: 'resource.type="cloud_run_revision" AND timestamp>="2026-11-20T19:08:02Z"',
      window: {
        requested: { from: '2026-11-20T19:08:02Z', to: '2026-11-20T19:08:20Z' },
        covered: { from: '2026-11-20T19:08:03Z', to: '2026-11-20T19:08:19Z' },
      },
      truncated: false,
      entries: 1204,
      unreadable: null,
      clusters: [
        {
          fingerprint: '77aa00bb11cc',
          template: 'event sent without <name>',
          count: 9,
          boots: 0,
          firstAt: '2026-11-20T19:08:09Z',
          lastAt: '2026-11-20T19:08:13Z',
          severity: 'WARNING',
          status: 'new',
          service: 'backend',
          revision: 'chat-backend-20261120t190801z-abcd-1a2b3c',
          root: null,
          evidence: ['E15'],
        },
      ],
      evidence: ['E14'],
    },
    causes: [sampleCause()],
    fixes: [sampleFix(headCommit)],
    published: publishedOnce(),
    next: [
      {
        what: 'review and merge pull request #2',
        who: 'person',
        because: 'its fix is proven and loop never merges',
      },
    ],
    evidence: evidenceList(),
    log: executionLog(),
  });
}

/** A run whose only suite touched nothing: its result does not count. */
export function invalidRecord(): RunRecord {
  const suite: SuiteResult = {
    ...redSuite(),
    verdict: 'INVALID',
    counts: { ...noCounts, selected: 19, executed: 19, passed: 19 },
    passRatePermille: 1000,
    exitCode: 0,
    durationMs: 760,
    seenByServer: { requests: 0, revision: null, elsewhere: 0, tests: null },
    invalidBecause: ['not seen by the server: no request of this suite is in the log of the expected revision'],
    tests: [],
  };
  const record = sampleRecord();
  return judged({
    ...record,
    run: { ...record.run, exitCode: 4, outcome: 'none' },
    phases: [judgePhase({ name: 'safety', thresholdPermille: 800 }, [suite])],
    totals: suite.counts,
    ...nothingFound,
    logs: noEntries(record),
    log: withoutBlame(record),
    next: [{ what: 'look at the target of websocket-events', who: 'person', because: 'the server saw none of it' }],
  });
}

/** A run that could not begin: the backend is down on both revisions. */
export function blockedRecord(): RunRecord {
  const record = sampleRecord();
  return judged({
    ...record,
    run: { ...record.run, exitCode: 5, outcome: 'none' },
    health: [
      { ...health('backend', 'E9'), ok: false, status: 503, because: 'answered 503 on /health, 5 times in 10 s' },
      {
        ...health('backend', 'E10'),
        role: 'stable',
        ok: false,
        status: 503,
        because: 'answered 503 on /health, 5 times in 10 s',
      },
    ],
    phases: [],
    totals: noCounts,
    ...nothingFound,
    next: [{ what: 'bring the database of backend back', who: 'person', because: 'both revisions answer 503' }],
    logs: noEntries(record),
    log: withoutBlame(record).filter((line) => line.stage !== 'testing'),
  });
}

/** A run in the middle of its tests: nothing is judged yet. */
export function runningRecord(): RunRecord {
  const record = sampleRecord();
  return {
    ...record,
    run: {
      ...record.run,
      state: 'running',
      stage: 'testing',
      endedAt: null,
      exitCode: null,
      outcome: 'none',
      cycles: [],
    },
    verdict: null,
    phases: [],
    totals: noCounts,
    ...nothingFound,
    logs: null,
    log: record.log.slice(0, 3),
  };
}

function noEntries({ logs }: RunRecord): RunRecord['logs'] {
  return logs && { ...logs, entries: 0, clusters: [], window: { ...logs.window, covered: null } };
}

function withoutBlame({ log }: RunRecord): RunRecord['log'] {
  const stages = ['preparing', 'checkingRevisions', 'deploying', 'testing', 'readingLogs', 'diagnosing', 'recording'];
  return log.filter((line) => stages.includes(line.stage)).map((line) => ({ ...line, what: `${line.stage} is done` }));
}

const nothingFound = { control: [], causes: [], fixes: [], published: [], impact: null, next: [] };

function judged(record: RunRecord): RunRecord {
  return { ...record, verdict: judgeRun(record) };
}

function emptyRecord(): RunRecord {
  return {
    schema: 'loop/run/1',
    run: {
      id: '20261120t190801z-abcd',
      command: 'loop --focus all',
      focus: ['all'],
      environment: 'local',
      pipeline: 'e2e',
      level: 'act',
      ref: null,
      head: headCommit,
      startedAt: '2026-11-20T19:08:01.482Z',
      endedAt: '2026-11-20T19:08:27.912Z',
      state: 'finished',
      stage: 'recording',
      outcome: 'pull',
      exitCode: 1,
      cycles: [{ n: 1, verdict: 'NO-GO', reason: 'phase safety', endedAt: '2026-11-20T19:08:27Z' }],
      thresholdsSha256: 'aa'.repeat(32),
      configSha256: 'bb'.repeat(32),
      limitsHit: [],
    },
    context: { lastRuns: [], openIssues: [], recentPulls: [], baselines: [] },
    selection: {
      focus: ['all'],
      partial: false,
      suites: [
        {
          name: 'websocket-events',
          phase: 'safety',
          selected: true,
          because: 'phase safety always runs',
          tests: null,
          order: { place: 1, because: 'it failed last time, 3 red in run 20261119t190801z-efgh' },
        },
        {
          name: 'auth',
          phase: 'critical',
          selected: true,
          because: 'focus all',
          tests: null,
          order: { place: 1, because: 'it is new' },
        },
      ],
      impact: null,
      sha256: 'cc'.repeat(32),
      evidence: [],
    },
    verdict: null,
    totals: noCounts,
    deployments: [],
    foreignChanges: [],
    health: [],
    phases: [],
    control: [],
    logs: null,
    causes: [],
    fixes: [],
    published: [],
    approvals: [],
    overrides: [],
    problems: [],
    trafficMoves: [],
    impact: null,
    next: [],
    evidence: [],
    log: [],
  };
}
