import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LoopEventRecord } from '../../core/events.ts';
import { hostileText, withHostileText } from '../testing/hostile-record.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { wantsColor } from './color.ts';
import { terminalOutput } from './terminal-output.ts';

const at = '2026-11-20T19:08:01.000Z';
const started: LoopEventRecord = {
  type: 'run-started',
  run: '20261120t190801z-abcd',
  folder: 'worklogs/E2E',
  command: 'loop --focus all',
  resumed: false,
};
const testing: LoopEventRecord = { type: 'stage-started', stage: 'testing', cycle: 1, item: null };
const said = 'phase safety: 5 of 8 passed = 62.5 %, below its gate of 80 %';
const red: LoopEventRecord = {
  ...{ type: 'stage-ended', stage: 'testing', cycle: 1, said, ok: false, durationMs: 3187, verdict: 'NO-GO' },
} as const;
const ended: LoopEventRecord = {
  ...{ type: 'run-ended', run: 'r', state: 'finished', verdict: 'NO-GO', exitCode: 1, reason: 'red' },
} as const;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('into a file: a line a stage, its notes below it, and a summary that says what to do', async () => {
  const { output, text } = screen({ isTTY: false });
  output.event(at, started);
  output.event(at, testing);
  output.event(at, { type: 'note', stage: 'testing', what: 'later phases are skipped' });
  output.event(at, red);
  output.event(at, ended);
  await output.record?.(sampleRecord());
  await output.close?.();
  expect(text()).toMatchInlineSnapshot(`
    "loop --focus all · run 20261120t190801z-abcd
    worklogs/E2E

    ✖ testing                  3.2 s  phase safety: 5 of 8 passed = 62.5 %, below its gate of 80 %
      · later phases are skipped

    NO-GO  phase safety: 5 of 8 passed = 62.5 %, below its gate of 80 %
      serves now   auth: chat-auth-00001 100 %
                   backend: chat-backend-00001 100 %
                   frontend: chat-frontend-00001 100 %
      published    issue #1 created: http://127.0.0.1:4010/demo/chat/issues/1
                   pull request #2 created: http://127.0.0.1:4010/demo/chat/pull/2
      next         you: review and merge pull request #2 (its fix is proven and loop never merges)
      worklog      worklogs/E2E/worklog.md
      exit code    1 (NO-GO)
    "
  `);
});

test('the longest label stands apart from its text', async () => {
  const { output, text } = screen({ isTTY: false });
  const record = sampleRecord();
  output.event(at, ended);
  await output.record?.({ ...record, verdict: record.verdict && { ...record.verdict, thinBecause: ['auth: old'] } });
  await output.close?.();
  expect(text()).toContain('  thin because auth: old\n');
});

test.each<[string, boolean, 'NO-GO' | 'GO' | null, string]>([
  ['done', true, null, '✔'],
  ['done although the verdict is bad already', true, 'NO-GO', '✔'],
  ['red', false, 'NO-GO', '✖'],
  ['to be looked at while nothing is judged', false, null, '●'],
])('the mark of a stage: %s', (_story, ok, verdict, mark) => {
  const { output, text } = screen({ isTTY: false });
  output.event(at, { ...red, ok, verdict });
  expect(text().startsWith(`${mark} testing`)).toBe(true);
});

test('into a file: a heartbeat at most every 15 seconds, with what goes on, and none after the end', async () => {
  const { output, text } = screen({ isTTY: false });
  output.event(at, testing);
  output.progress?.({ stage: 'testing', text: 'websocket-events: 3 of 8' });
  vi.advanceTimersByTime(44_000);
  expect(text()).toBe('… testing, 15.0 s: websocket-events: 3 of 8\n… testing, 30.0 s: websocket-events: 3 of 8\n');
  output.event(at, red);
  vi.advanceTimersByTime(60_000);
  expect(text().split('\n')).toHaveLength(4);
});

describe('on a terminal', () => {
  test('the live line turns, fits the width, and leaves no trace', async () => {
    const { output, text, seen } = screen({ isTTY: true, columns: 40 });
    output.event(at, started);
    output.event(at, testing);
    output.progress?.({ stage: 'testing', text: `a long text ${'x'.repeat(200)}` });
    vi.advanceTimersByTime(2_500);
    const live = text().split('\r').at(-1) ?? '';
    expect(live).toContain('testing  2.5 s · a long text');
    expect([...live.replaceAll('\u001b[K', '')].length).toBeLessThan(40);
    output.event(at, { ...red, said: 'short' });
    await output.close?.();
    expect(seen()).toBe(
      'loop --focus all · run 20261120t190801z-abcd\nworklogs/E2E\n\n✖ testing                  3.2 s  short\n',
    );
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a long sentence goes on below itself', () => {
    const { output, seen } = screen({ isTTY: true, columns: 70 });
    output.event(at, red);
    expect(seen()).toMatchInlineSnapshot(`
      "✖ testing                  3.2 s  phase safety: 5 of 8 passed = 62.5
                                        %, below its gate of 80 %
      "
    `);
  });

  test('an interrupted stage leaves a clean line, and its notes are not lost', async () => {
    const { output, seen } = screen({ isTTY: true });
    output.event(at, testing);
    output.event(at, { type: 'note', stage: 'testing', what: 'halfway' });
    await output.close?.();
    expect(seen()).toBe('  · halfway\n');
  });
});

test('text of strangers cannot act', async () => {
  const { output, text } = screen({ isTTY: false });
  output.event(at, { ...red, said: hostileText } as LoopEventRecord);
  output.event(at, { type: 'note', stage: 'testing', what: hostileText });
  output.event(at, ended);
  await output.record?.(withHostileText(sampleRecord()));
  await output.close?.();
  expect(text()).not.toMatch(/[^\P{C}\n]/u);
  expect(text()).not.toMatch(/^\s*::/m);
});

test.each([
  ['a terminal', {}, true, true],
  ['a file', {}, false, false],
  ['NO_COLOR', { NO_COLOR: '1' }, true, false],
  ['FORCE_COLOR into a file', { FORCE_COLOR: '1' }, false, true],
  ['NO_COLOR wins', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ['a terminal that cannot', { TERM: 'dumb' }, true, false],
])('color: %s', (_story, env, isTTY, color) => {
  expect(wantsColor({ env, isTTY })).toBe(color);
});

function screen({ isTTY, columns = 120 }: { isTTY: boolean; columns?: number }) {
  let text = '';
  const stream = { write: (chunk: string) => (text += chunk) };
  const output = terminalOutput({ stream, isTTY, columns: () => columns, color: false, now: () => new Date() });
  return { output, text: () => text, seen: () => afterErasing(text) };
}

/** What stays on the screen: a carriage return followed by an erase drops the line so far. */
function afterErasing(text: string): string {
  return text
    .split('\n')
    .map((line) => line.split('\r').at(-1)?.replaceAll('\u001b[K', '') ?? '')
    .join('\n');
}
