import type { Cause, Control, Fix } from '../../core/record.ts';

export const causeFingerprint = '3f9c1a7be204';

const tests = ['tool_executing names its tool', 'tool_completed names its tool', 'tool_completed carries results'];

export function sampleControl(): Control[] {
  return tests.map((test) => ({
    suite: 'websocket-events',
    test,
    first: 'F',
    candidate: { revision: 'chat-backend-20261120t190801z-abcd-1a2b3c', runs: 'FFF' },
    reference: { revision: 'chat-backend-00001', runs: 'PPP' },
    means: 'revision',
    note: null,
    evidence: ['E13'],
  }));
}

export function sampleCause(): Cause {
  return {
    fingerprint: causeFingerprint,
    class: 'product',
    title: 'backend sends tool events without tool_name and results',
    priority: 'P1',
    suite: 'websocket-events',
    tests: tests.map((test) => `websocket-events: ${test}`),
    services: ['backend'],
    suspects: [
      {
        commit: 'c0ffee1234567890abcdef1234567890abcdef12',
        title: 'backend: nest the fields of events',
        path: 'backend/events.js',
        line: 14,
        score: 7.251,
        reasons: ['removes 2 lines that name tool_name (backend/events.js:14)', 'touches the folder of backend'],
      },
    ],
    whys: [
      {
        question: 'Why is phase safety below its gate?',
        claim: '3 of 8 tests of websocket-events find no tool_name or results in the events.',
        status: 'supported',
        evidence: ['E11'],
      },
      {
        question: 'Why are they missing?',
        claim: 'The candidate sends keys payload, type; the reference sends tool_name, type.',
        status: 'supported',
        evidence: ['E15', 'E16'],
      },
      {
        question: 'Why does the candidate send other keys?',
        claim: 'Commit c0ffee123456 moves the fields into payload at backend/events.js:14.',
        status: 'supported',
        evidence: ['E17'],
      },
    ],
    survived: {
      question: 'Why did no earlier test see it?',
      claim: 'no test of the commit is known',
      status: 'unknown',
      evidence: [],
    },
    rejected: ['the environment: the reference passed 9 of 9 at the same time'],
    prevention: [],
    options: [],
  };
}

const fixCommit = '5e6f70819a2b3c4d5e6f708192a3b4c5d6e7f809';

export function sampleFix(headCommit: string): Fix {
  return {
    cause: causeFingerprint,
    attempt: 1,
    fixer: 'revert-commit',
    outcome: 'fixed',
    because: 'commit c0ffee123456 is reverted without a conflict',
    branch: `loop/fix/${causeFingerprint}-1`,
    base: headCommit,
    commit: fixCommit,
    files: ['backend/events.js'],
    audits: [{ name: 'lint', ok: true, because: 'exit code 0, was 0', evidence: ['E17'] }],
    proof: {
      suiteTests: tests.map((test) => `websocket-events: ${test}`),
      base: { revision: 'chat-backend-20261120t190801z-abcd-1a2b3c', commit: headCommit, runs: 5, failed: 5 },
      fix: { revision: 'chat-backend-20261120t190801z-abcd-4d5e6f', commit: fixCommit, runs: 5, passed: 5 },
      ruledOutAbovePermille: 451,
      nothingWorse: true,
      holds: true,
      because: '5 of 5 failed on the base, 5 of 5 passed with the fix, 5 were needed',
      evidence: ['E18'],
    },
    evidence: ['E17'],
  };
}
