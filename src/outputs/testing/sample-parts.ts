import { blankDeployment, blankHealth, blankSuite } from '../../core/blank-rows.ts';
import type { Counts, Deployment, Evidence, Health, RunRecord, SuiteResult } from '../../core/record.ts';
import { Rung } from '../../core/words.ts';
import { causeFingerprint } from './sample-cause.ts';

const baseCommit = '4d1f0c2ab9e87765544332211000ffeeddccbbaa';
export const headCommit = '9b3e7c1d5a40f6e8b2c4d6f8091a2b3c4d5e6f70';

export function redSuite(): SuiteResult {
  const counts: Counts = { selected: 8, executed: 8, passed: 5, failed: 3, errored: 0, skipped: 0, notRun: 0 };
  return {
    name: 'websocket-events',
    service: 'backend',
    priority: 'P1',
    required: true,
    verdict: 'NO-GO',
    thresholdPermille: 800,
    judgedBy: 'phase',
    roles: { auth: 'candidate', backend: 'candidate' },
    counts,
    passRatePermille: 625,
    exitCode: 1,
    durationMs: 3187,
    peakRssBytes: 71_303_168,
    ...blankSuite,
    targets: [{ host: '127.0.0.1:41234', serverHeader: 'Google Frontend' }],
    seenByServer: { requests: 12, revision: 'chat-backend-20261120t190801z-abcd-1a2b3c', elsewhere: 0, tests: null },
    tests: ['tool_executing names its tool', 'tool_completed names its tool', 'tool_completed carries results'].map(
      (name) => ({
        id: `websocket-events/${name}`,
        name,
        outcome: 'failed',
        attempts: 'F',
        message: 'tool_executing has no tool_name (keys: payload, type)',
        frames: [{ file: 'e2e/websocket-events.test.js', line: 42, function: null }],
      }),
    ),
    evidence: ['E11', 'E12'],
  };
}

/** Proven up to the rung with this number. */
function ladder(
  height: number,
  evidence: string,
  notProven: Deployment['notProven'],
): Pick<Deployment, 'rungs' | 'rung' | 'notProven'> {
  const rungs = Rung.options
    .slice(0, height + 1)
    .map((rung) => ({ rung, because: `${rung} was read back`, evidence: [evidence] }));
  return { rungs, rung: rungs.at(-1)?.rung ?? null, notProven };
}

export function deployment(service: string, role: Deployment['role'], evidence: string): Deployment {
  const revision = `chat-${service}-00001`;
  return {
    ...blankDeployment,
    service,
    role,
    revision,
    image: `loop.local/chat/${service}@${baseCommit}`,
    digest: `sha256:${'dd'.repeat(32)}`,
    digestFrom: 'image-store',
    commit: baseCommit,
    commitFrom: 'image tag',
    ...ladder(5, evidence, null),
    decision: 'serves; 6 commits behind HEAD',
    ageSeconds: 5_400,
    traffic: [{ revision, percent: 100, tag: null, latest: false }],
    evidence: [evidence],
  };
}

export function candidate(service: string, evidence: string): Deployment {
  const revision = `chat-${service}-20261120t190801z-abcd-1a2b3c`;
  return {
    ...deployment(service, 'candidate', evidence),
    revision,
    commit: headCommit,
    ...ladder(4, evidence, {
      rung: 'STABLE',
      because: 'no crash in 12 entries of its own log in 18 s, and 30 s are wanted',
    }),
    settingsDiff: [
      { setting: 'commit', from: baseCommit, to: headCommit },
      { setting: 'env MODE', from: 'sha256:0123456789ab', to: null },
    ],
    ageSeconds: 0,
    decision: `deployed under a tag without traffic: stable carries ${baseCommit.slice(0, 12)}, HEAD is ${headCommit.slice(0, 12)}`,
    image: `loop.local/chat/${service}@${headCommit}`,
    traffic: [
      { revision: `chat-${service}-00001`, percent: 100, tag: null, latest: false },
      { revision, percent: 0, tag: 'loop-9b3e7c1d5a40', latest: false },
    ],
  };
}

export function health(service: string, evidence: string): Health {
  return {
    ...blankHealth,
    service,
    role: 'candidate',
    target: '/health',
    ok: true,
    status: 200,
    latencyMs: { p50: 3.2, p95: 7.9, n: 5 },
    because: 'answered 200 with the fields that were asked for',
    evidence: [evidence],
  };
}

export function publishedOnce(): RunRecord['published'] {
  const because = 'one issue for one cause';
  const title = 'E2E-DEPLOY-failed-tool_executing names its tool';
  const key = `cause/${causeFingerprint}/1`;
  return [
    {
      kind: 'issue',
      cycle: 1,
      action: 'created',
      number: 1,
      url: 'http://127.0.0.1:4010/demo/chat/issues/1',
      key,
      title,
      because,
    },
    {
      kind: 'pull',
      cycle: 1,
      action: 'created',
      number: 2,
      url: 'http://127.0.0.1:4010/demo/chat/pull/2',
      key,
      title: 'Revert "backend: nest the fields of events"',
      because: 'its proof holds',
    },
  ];
}

export function evidenceList(): Evidence[] {
  const kinds = [
    ...['configuration', 'revision', 'revision', 'revision', 'deployment', 'deployment', 'deployment'],
    ...['probe', 'probe', 'probe', 'report', 'output', 'control', 'logs', 'log entry', 'log entry', 'diff', 'proof'],
  ];
  return kinds.map((kind, index) => ({
    id: `E${index + 1}`,
    kind,
    sha256: String(index + 10)
      .repeat(32)
      .slice(0, 64),
    path: `artifacts/${String(index + 10).repeat(12)}.json`,
    source: `${kind} of the sample`,
    at: '2026-11-20T19:08:05.000Z',
    excerpt: kind === 'log entry' ? 'event sent {"type":"tool_executing","keys":["payload","type"]}' : '',
  }));
}

export function executionLog(): RunRecord['log'] {
  const lines: [string, string][] = [
    ['preparing', 'everything that is asked for exists'],
    ['checkingRevisions', 'stable is 6 commits behind HEAD: a candidate is needed'],
    ['deploying', '3 candidates are up without traffic'],
    ['checkingHealth', '3 of 3 are healthy'],
    ['testing', 'phase safety: 5 of 8 passed = 62.5 %, below its gate of 80 %'],
    ['controlling', '3 red tests: red on the candidate, green on the reference'],
    ['readingLogs', '1,204 entries'],
    ['diagnosing', '1 cause'],
    ['deciding', `cause ${causeFingerprint}: try revert-commit`],
    ['fixing', 'reverted'],
    ['publishing', 'issue #1, pull request #2'],
    ['recording', 'written'],
  ];
  return lines.map(([stage, what], index) => ({ at: `2026-11-20T19:08:${String(index + 10)}.000Z`, stage, what }));
}
