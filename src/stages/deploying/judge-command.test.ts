import { expect, test } from 'vitest';
import type { ErrorClass } from '../../analysis/deploy-transcript/error-class.ts';
import type { RevisionFacts } from '../../ports/deployer.ts';
import { judgeCommand } from './judge-command.ts';
import { ownRevision } from './own-revision.ts';

const revision = (name: string, facts: Partial<RevisionFacts> = {}): RevisionFacts => ({
  name,
  service: 'hello',
  image: 'r/hello:latest',
  digest: null,
  digestFrom: null,
  commit: null,
  commitFrom: null,
  madeBy: null,
  configHash: null,
  stepKey: null,
  ready: true,
  reason: null,
  message: null,
  conditions: [],
  settings: {},
  given: [],
  creator: null,
  createdAt: '2026-11-21T10:00:00Z',
  ...facts,
});
const [old, fresh] = [revision('hello-1'), revision('hello-2')];
const mine = revision('hello-2', { stepKey: 'key' });
const failedReady = [{ type: 'Ready', state: 'failed' as const, reason: null, message: null }];
const dead = revision('hello-2', { ready: false, message: 'it did not listen', conditions: failedReady });
const pending = revision('hello-2', { ready: false });
const foreignRun = revision('hello-3', { madeBy: 'another-run' });
const known = { before: ['hello-1'], stepKey: 'key', run: 'this-run' };

const ended = (exitCode: number) => ({ how: 'exited' as const, exitCode, message: null });
const stopped = { how: 'timeout' as const, exitCode: null, message: 'stopped after its time limit of 9 ms' };
const missing = { how: 'not-started' as const, exitCode: null, message: 'no such program: gclout' };
const said = { errors: [], saysSuccess: true };
const silent = { errors: [], saysSuccess: false };
const error = (kind: ErrorClass) => ({
  errors: [{ class: kind, code: null, text: 'it said so', line: 7 }],
  saysSuccess: false,
});

type Row = [
  story: string,
  revisions: RevisionFacts[],
  end: Parameters<typeof judgeCommand>[0]['end'],
  words: Parameters<typeof judgeCommand>[0]['transcript'],
  verdict: string,
];

test.each<Row>([
  ['a new ready revision with its label', [old, mine], ended(0), said, 'deployed hello-2'],
  [
    'without a label, the one that is new',
    [old, fresh],
    ended(0),
    said,
    'deployed hello-2; hello-2 carries no label loop-step: known as the only revision that is new',
  ],
  [
    'exit code 1 after it deployed',
    [old, mine],
    ended(1),
    error('transient'),
    'deployed hello-2; the command ended with exit code 1, but hello-2 is there',
  ],
  [
    'stopped after it deployed',
    [mine, old],
    stopped,
    silent,
    'deployed hello-2; the command was stopped (stopped after its time limit of 9 ms), but hello-2 is there',
  ],
  [
    'success and nothing new',
    [old],
    ended(0),
    said,
    'no-change: the deploy command said success, but hello shows no new revision',
  ],
  [
    'exit code 0 and nothing new',
    [old],
    ended(0),
    silent,
    'no-change: the deploy command ended with exit code 0, but hello shows no new revision',
  ],
  [
    'exit code 3 without a word',
    [old],
    ended(3),
    silent,
    'no-change: the deploy command ended with exit code 3, and hello shows no new revision',
  ],
  [
    'exit code 0 with an error',
    [old],
    ended(0),
    error('permission'),
    'permission: the deploy command failed (permission): it said so',
  ],
  ['usage', [old], ended(2), error('usage'), 'usage: the deploy command failed (usage): it said so'],
  ['config', [old], ended(1), error('config'), 'config: the deploy command failed (config): it said so'],
  ['quota', [old], ended(1), error('quota'), 'quota: the deploy command failed (quota): it said so'],
  ['build', [old], ended(1), error('build'), 'build: the deploy command failed (build): it said so'],
  [
    'its container did not start, and no revision is there',
    [old],
    ended(1),
    error('container-failed-to-start'),
    'not-started: the deploy command failed (container-failed-to-start): it said so',
  ],
  [
    'a conflict is tried again',
    [old],
    ended(1),
    error('conflict'),
    'conflict: the deploy command failed (conflict): it said so; again',
  ],
  [
    'so is a platform that is not there',
    [old],
    ended(1),
    error('transient'),
    'unavailable: the deploy command failed (transient): it said so; again',
  ],
  [
    'an error of no known kind',
    [old],
    ended(1),
    error('unknown'),
    'no-change: the deploy command failed (unknown): it said so',
  ],
  [
    'it hangs',
    [old],
    stopped,
    said,
    'timeout: the deploy command was stopped (stopped after its time limit of 9 ms), and hello shows no new revision',
  ],
  ['no such program', [old], missing, silent, 'config: the deploy command could not be run: no such program: gclout'],
  ['a revision that did not come up', [old, dead], ended(0), said, 'not-started hello-2: it did not listen'],
  ['a revision that never settles', [old, pending], ended(0), said, 'timeout hello-2: hello-2 was not ready in time'],
  [
    'two new ones, none with the label',
    [old, fresh, revision('hello-4')],
    ended(0),
    said,
    'conflict: 2 revisions of hello are new (hello-2, hello-4): nobody can tell which one the deploy command made',
  ],
  ['two new ones, one with the label', [old, mine, revision('hello-4')], ended(0), said, 'deployed hello-2'],
  [
    'new, and made by another run',
    [old, foreignRun],
    ended(0),
    said,
    'no-change: the deploy command said success, but hello shows no new revision',
  ],
  [
    'a conflict, and the other one’s revision',
    [old, fresh],
    ended(1),
    error('conflict'),
    'conflict: the deploy command failed (conflict): it said so; again',
  ],
  [
    'refused, and the other one’s revision',
    [old, fresh],
    ended(1),
    error('permission'),
    'permission: the deploy command failed (permission): it said so',
  ],
  [
    'refused by a build, and the other one’s pending revision',
    [old, pending],
    ended(1),
    error('build'),
    'build: the deploy command failed (build): it said so',
  ],
  [
    'refused after it deployed: its label tells',
    [old, mine],
    ended(1),
    error('permission'),
    'deployed hello-2; the command ended with exit code 1, but hello-2 is there',
  ],
  [
    'exit code 1 for no known reason, and a revision without its label',
    [old, fresh],
    ended(1),
    error('unknown'),
    'deployed hello-2; hello-2 carries no label loop-step: known as the only revision that is new; the command ended with exit code 1, but hello-2 is there',
  ],
  [
    'its container did not start, and a dead revision without its label',
    [old, dead],
    ended(1),
    error('container-failed-to-start'),
    'not-started hello-2: it did not listen',
  ],
  [
    'no such program, and the other one’s revision',
    [old, fresh],
    missing,
    silent,
    'config: the deploy command could not be run: no such program: gclout',
  ],
])('%s', (_story, revisions, end, transcript, expected) => {
  const verdict = judgeCommand({ cloudRun: 'hello', end, transcript }, ownRevision(revisions, known));
  const told = verdict.ok
    ? [`deployed ${verdict.revision.name}`, ...verdict.doubts]
    : [
        `${[verdict.failure.code, verdict.revision?.name].filter(Boolean).join(' ')}: ${verdict.failure.message}`,
        ...(verdict.retry ? ['again'] : []),
      ];
  expect(told.join('; ')).toContain(expected);
  if (verdict.ok || verdict.revision === null) expect(told.join('; ')).toBe(expected);
});
