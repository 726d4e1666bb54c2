import { expect, test } from 'vitest';
import { blankMove } from '../../core/blank-rows.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { citations } from './citations.ts';
import { deployments } from './deployments.ts';

test('the ladder of each service is one line, and digests and commits say where they come from', () => {
  const record = sampleRecord();
  const text = deployments(record, citations(record).cite);
  expect(text).toContain('- **backend stable:** READY → TRAFFIC → HEALTHY → STABLE (STABLE was read back) [E3]');
  expect(text).toContain(
    '- **backend candidate:** READY → TRAFFIC → HEALTHY; not STABLE: no crash in 12 entries of its own log in 18 s, and 30 s are wanted [E6]',
  );
  expect(text).toContain('`4d1f0c2ab9e8` (image tag)');
  expect(text).toMatch(
    /\| backend +\| candidate \| `loop.local\/chat\/backend@9b3e7c1d5a40[0-9a-f]*` +\| `sha256:dddddddddddd…` \(image-store\)/,
  );
});

test('settings that differ and drift are short tables; the rest is in the evidence', () => {
  const record = sampleRecord();
  const rows = Array.from({ length: 23 }, (_row, index) => ({
    setting: `env NAME_${index}`,
    from: 'sha256:0123456789ab',
    to: null,
  }));
  const drift = [{ setting: 'memory', from: '1Gi', to: '512Mi' }];
  const list = record.deployments.map((one) =>
    one.revision?.startsWith('chat-backend-2') ? { ...one, settingsDiff: rows, drift } : { ...one, settingsDiff: [] },
  );
  const text = deployments({ ...record, deployments: list }, citations(record).cite);
  expect(text).toContain('What differs in backend candidate [E6]:');
  expect(text.match(/env NAME\\?_\d+/g)).toHaveLength(20);
  expect(text).toContain('…and 3 more in [E6]');
  expect(text).toContain('Drift of backend candidate from the config [E6]:');
  expect(text).toMatch(/\| memory +\| `1Gi` +\| `512Mi` \|/);
  expect(text).not.toContain('What differs in auth');
  expect(text).toContain('Candidates with the same settings as stable: auth, frontend [E5] [E7]');
});

test('what is decided alike is one line, although the revisions have names of their own', () => {
  const record = sampleRecord();
  const list = record.deployments.map((one) =>
    one.role === 'stable' ? { ...one, decision: `${one.service} is stale: ${one.revision} runs 4d1f, 6 behind` } : one,
  );
  const text = deployments({ ...record, deployments: list }, citations(record).cite);
  expect(text).toContain('- **auth, backend, frontend (stable):** stale: runs 4d1f, 6 behind');
});

test('a revision that is only served as LATEST again was not moved to', () => {
  const record = sampleRecord();
  const stable = 'chat-backend-00001';
  const again = {
    ...blankMove,
    at: '2026-11-20T19:08:20.000Z',
    service: 'backend',
    from: stable,
    to: stable,
    allocation: 'latest' as const,
    why: 'served as LATEST again, as it was found',
    verified: true,
    evidence: ['E3'],
  };
  const text = deployments({ ...record, trafficMoves: [again] }, citations(record).cite);
  expect(text).not.toContain('the move below');
  expect(text).toMatch(/`chat-backend-00001` +\| `chat-backend-00001` +\| served as LATEST again +\|/);
  const back = { ...again, from: 'chat-backend-00000', allocation: 'revision' as const, percent: 100 };
  const both = deployments({ ...record, trafficMoves: [back, again] }, citations(record).cite);
  expect(both).toContain('all since the move below');
});

test('a candidate that ended shows how, and its last entries as text that does nothing', () => {
  const record = sampleRecord();
  const lastEntries = ['missing environment {"missing":["AUTH_URL"]}', '```', '<img src=x> @all'];
  const boot = { class: 'exit' as const, what: 'it exited by itself', exitCode: 3, boots: 1, lastEntries };
  const message = 'The user-provided container failed to start and listen on the port';
  const list = record.deployments.map((one) =>
    one.service === 'backend' && one.role === 'candidate'
      ? { ...one, failure: { code: 'not-started', message, boot: { ...boot, evidence: ['E6'] } } }
      : one,
  );
  const text = deployments({ ...record, deployments: list }, citations(record).cite);
  expect(text).toContain(
    '- **backend candidate:** failed (not-started): it exited by itself (exit code 3, 1 boot) [E6]',
  );
  expect(text).toContain(
    'The last entries of backend candidate [E6]:\n\n````\nmissing environment {"missing":["AUTH_URL"]}\n```\n<img src=x> @all\n````',
  );
});
