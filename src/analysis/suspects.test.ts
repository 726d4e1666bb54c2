import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RedTest } from '../core/record.ts';
import type { DiffLine } from '../ports/repository.ts';
import { type CommitWithLines, rankSuspects } from './suspects.ts';

const missing = [
  red('tool_executing has no tool_name (keys: type, run_id, payload)'),
  red('tool_completed has no results (keys: type, run_id, payload)'),
];

describe('of the commits of the example', () => {
  const folder = new URL('../../examples/chat/history/', import.meta.url);
  const patches = readdirSync(folder)
    .filter((file) => /^(?:0[6-9]|1\d)-.*\.patch$/.test(file))
    .sort();
  const commits = patches
    .map((file, day) => fromPatch(file, day, readFileSync(new URL(file, folder), 'utf8')))
    .reverse();

  test('the one that nests the fields comes first, by the names alone', () => {
    expect(patches.length).toBeGreaterThan(4);
    for (const servicePath of ['backend', '']) {
      const [first, second] = rankSuspects({ reds: missing, commits, servicePath, logMentions: [] });
      expect(first).toMatchObject({
        commit: expect.stringContaining('nest-event-fields'),
        path: 'backend/events.js',
        line: expect.any(Number),
      });
      expect(first?.score).toBeGreaterThan(1.5 * (second?.score ?? 0));
      expect(first?.reasons.join('; ')).toMatch(
        /removes 2 lines and adds 2 lines that name tool_name \(backend\/events\.js:\d+\)/,
      );
    }
  });
});

describe('a commit is a suspect', () => {
  test.each([
    [
      'for the file in the stack',
      [red('boom', 'backend/agent.js')],
      { files: ['backend/agent.js'] },
      'changes backend/agent.js, which is in the stack of 1 test',
    ],
    [
      'for the folder of the file in the stack',
      [red('boom', 'backend/agent.js')],
      { files: ['backend/b.js'] },
      'changes files in backend/, as backend/agent.js in the stack of 1 test',
    ],
    [
      'for a camel case spelling',
      missing,
      { lines: [line('backend/a.js', 7, '-', 'const toolName = 1')] },
      'removes 1 line that names tool_name (backend/a.js:7)',
    ],
    ['for its title', missing, { title: 'rename tool_name' }, 'has a title that names tool_name'],
    [
      'for the failing service',
      missing,
      { files: ['services/backend/b.js'] },
      'changes 1 file of the failing service (services/backend/)',
    ],
    [
      'for what the logs name',
      [red('boom')],
      { lines: [line('a.js', 3, '+', 'payload: 1')] },
      'adds 1 line that names payload (a.js:3)',
    ],
  ])('%s', (_story, reds, given, reason) => {
    const suspects = rankSuspects({
      reds,
      commits: [commit('a', given)],
      servicePath: './services/backend/',
      logMentions: ['payload'],
    });
    expect(suspects[0]?.reasons).toContain(reason);
  });

  test('not without any tie', () => {
    const unrelated = commit('a', { files: ['frontend/a.css'], lines: [line('frontend/a.css', 1, '+', 'padding: 0')] });
    expect(rankSuspects({ reds: missing, commits: [unrelated], servicePath: 'backend', logMentions: [] })).toEqual([]);
  });
});

test('documents and tests come last, however often they name it; a whole word is meant', () => {
  const loud = Array.from({ length: 9 }, (_none, n) => line('README.md', n, '+', 'tool_name and results'));
  const commits = [
    commit('docs', { files: ['README.md'], lines: loud }),
    commit('code', { files: ['backend/a.js'], lines: [line('backend/a.js', 1, '-', 'results')] }),
    commit('other', { files: ['backend/c.js'], lines: [line('backend/c.js', 1, '-', 'my_tool_name_s resultset')] }),
  ];
  const suspects = rankSuspects({ reds: missing, commits, servicePath: '', logMentions: [] });
  expect(suspects.map((suspect) => suspect.commit)).toEqual(['code', 'docs']);
  expect(suspects[1]?.reasons).toContain('changes only tests and documents');
});

test('at most five, among equals the newest first', () => {
  const commits = ['1', '4', '2', '7', '3', '6', '5'].map((day) => ({
    ...commit(day, { files: ['backend/a.js'] }),
    at: `2025-09-0${day}T00:00:00Z`,
  }));
  const suspects = rankSuspects({ reds: missing, commits, servicePath: 'backend', logMentions: [] });
  expect(suspects.map((suspect) => suspect.commit)).toEqual(['7', '6', '5', '4', '3']);
});

function red(message: string, file = 'e2e/lib/expect.js'): RedTest {
  return {
    id: message,
    name: message,
    outcome: 'failed',
    attempts: 'F',
    message,
    frames: [{ file, line: 12, function: 'fieldOf' }],
  };
}

function commit(sha: string, given: Partial<CommitWithLines>): CommitWithLines {
  return { sha, title: 'a change', at: '2025-09-01T00:00:00Z', files: [], lines: [], ...given };
}

function line(path: string, number: number, kind: '+' | '-', text: string): DiffLine {
  return { path, line: number, kind, text };
}

function fromPatch(sha: string, day: number, patch: string): CommitWithLines {
  const lines: DiffLine[] = [];
  let [path, before, after] = ['', 0, 0];
  for (const text of patch.split('\n')) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(text);
    if (text.startsWith('+++ b/')) path = text.slice(6);
    else if (hunk) [before, after] = [Number(hunk[1]), Number(hunk[2])];
    else if (/^\+(?!\+\+)/.test(text)) lines.push(line(path, after++, '+', text.slice(1)));
    else if (/^-(?!--)/.test(text)) lines.push(line(path, before++, '-', text.slice(1)));
    else if (text.startsWith(' ')) [before, after] = [before + 1, after + 1];
  }
  return {
    sha,
    title: sha.replace(/^\d+-|\.patch$/g, ''),
    at: `2025-09-0${day + 1}T00:00:00Z`,
    files: [...new Set(lines.map((one) => one.path))],
    lines,
  };
}
