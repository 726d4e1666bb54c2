import { expect, test } from 'vitest';
import { logEntry } from '../../analysis/log-entry.sample.ts';
import { ownLogs, stableRung } from './stable-rung.ts';

const system = (text: string, revision = 'app-2') => logEntry({ insertId: text, log: 'varlog/system', text, revision });

test.each([
  ['exit(1)', 'Container called exit(1).', 1],
  ['exit(137)', 'Container called exit(137).', 1],
  ['told to stop', 'Container called exit(0).', 0],
  ['killed', 'Container terminated on signal 9.', 1],
  ['told to stop by a signal', 'Container terminated on signal 15.', 0],
  [
    'never listened',
    'Default STARTUP TCP probe failed 1 time consecutively for container "app-1" on port 8080.\nmore',
    1,
  ],
  ['out of memory', 'Memory limit of 512 MiB exceeded with 600 MiB used.', 1],
  ['came up', 'Default STARTUP TCP probe succeeded after 1 attempt for container "app-1" on port 8080.', 0],
])('what counts as a crash: %s', (_story, text, crashes) => {
  expect(ownLogs([system(text)])).toMatchObject([{ revision: 'app-2', entries: 1, crashes }]);
});

test('a crash is of its own revision, and words of the program are no words of the platform', () => {
  const program = logEntry({ insertId: 'x', log: 'stdout', text: 'Container called exit(1).', revision: 'app-2' });
  const logs = ownLogs([program, system('Container called exit(1).', 'app-1')]);
  expect(logs.map(({ revision, crashes }) => [revision, crashes])).toEqual([
    ['app-2', 0],
    ['app-1', 1],
  ]);
});

test.each(['requests', 'activity', 'system_event'])('an entry of %s tells nothing of boots', (log) => {
  expect(ownLogs([logEntry({ insertId: 'x', log, revision: 'app-2' })])).toEqual([]);
});

const window = { requested: { from: '2026-11-20T12:00:00Z', to: '2026-11-20T12:01:00Z' }, covered: null };
const logs = { unreadable: null, truncated: false, window, evidence: ['E9'] };
const own = { revision: 'app-2', entries: 3, crashes: 0, firstCrash: null };
const bornMs = Date.parse('2026-11-20T12:00:30Z');

test.each<[string, Parameters<typeof stableRung>, boolean, string]>([
  [
    'long enough',
    [own, logs, { bornMs, stableForSeconds: 30 }],
    true,
    'no crash in 3 entries of its own log in 30 s, wanted are 30 s',
  ],
  [
    'too young',
    [own, logs, { bornMs, stableForSeconds: 31 }],
    false,
    'no crash in 3 entries of its own log in 30 s, and 31 s are wanted',
  ],
  [
    'older than the window: only that was seen',
    [own, logs, { bornMs: 0, stableForSeconds: 61 }],
    false,
    'in 60 s, and 61 s are wanted',
  ],
  [
    'a crash',
    [
      { ...own, crashes: 2, firstCrash: { at: 't', text: 'Container called exit(3).' } },
      logs,
      { bornMs, stableForSeconds: 0 },
    ],
    false,
    '2 crashes in its own log, the first at t: Container called exit(3).',
  ],
  [
    'no entry of its own',
    [null, logs, { bornMs, stableForSeconds: 0 }],
    false,
    'its own log is empty: nothing tells of its boots',
  ],
  [
    'not read',
    [own, { ...logs, unreadable: 'quota' }, { bornMs, stableForSeconds: 0 }],
    false,
    'its log could not be read: quota',
  ],
  [
    'cut',
    [own, { ...logs, truncated: true }, { bornMs, stableForSeconds: 0 }],
    false,
    'its log was cut at the limit: the rest was not seen',
  ],
  ['unknown age', [own, logs, { bornMs: null, stableForSeconds: 0 }], false, 'its age is unknown'],
])('%s', (_story, given, proven, because) => {
  const rung = stableRung(...given);
  expect(rung).toMatchObject({ rung: 'STABLE', proven, evidence: ['E9'] });
  expect(rung.because).toContain(because);
});
