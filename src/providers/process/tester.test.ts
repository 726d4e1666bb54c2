import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CommandEnd, ProcessGroup, SuiteCommand } from '../../ports/tester.ts';
import { behindGate } from './gate.ts';
import { readProcess } from './process-facts.ts';
import { processTester } from './tester.ts';

const tester = processTester(() => new Date('2026-01-02T03:04:05Z'));
const PATH = '/usr/local/bin:/usr/bin:/bin';
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loop-process-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function command(argv: readonly string[], more: Partial<SuiteCommand> = {}): SuiteCommand {
  const limits = { timeoutMs: 20_000, graceMs: 5_000, outputBytesMax: 1_000_000, ...more.limits };
  return { argv, shell: false, cwd: folder, env: { PATH }, onStart: async () => undefined, ...more, limits };
}

function run(argv: readonly string[], more: Partial<SuiteCommand> = {}, signal?: AbortSignal): Promise<CommandEnd> {
  return tester.run(command(argv, more), signal ?? new AbortController().signal);
}

function node(script: string): readonly string[] {
  return [process.execPath, '-e', script];
}

function text(end: CommandEnd): string {
  return Buffer.from(end.output).toString();
}

function isRunning(pid: number): boolean {
  const facts = readProcess(pid);
  return facts !== null && !facts.ended;
}

describe('how a command ends', () => {
  const stories: [string, readonly string[], Partial<CommandEnd>][] = [
    ['by itself, well', ['true'], { how: 'exited', exitCode: 0, signal: null, message: null }],
    ['by itself, badly', ['sh', '-c', 'exit 3'], { how: 'exited', exitCode: 3, message: null }],
    ['by a signal', ['sh', '-c', 'kill -9 $$'], { how: 'exited', exitCode: null, signal: 'SIGKILL' }],
    ['no such program', ['no-such-program'], { how: 'not-started', message: 'no such program: no-such-program' }],
    ['an empty command', [], { how: 'not-started', message: 'the command is empty' }],
  ];
  test.each(stories)('%s', async (_story, argv, expected) => {
    expect(await run(argv)).toMatchObject({ ...expected, startedAt: '2026-01-02T03:04:05.000Z' });
  });

  test('a file that is not executable, a folder that is not there, a variable that cannot be passed on', async () => {
    await writeFile(join(folder, 'suite'), 'echo never');
    expect(await run(['./suite'])).toMatchObject({ how: 'not-started', message: `not executable: ${folder}/suite` });
    const cwd = join(folder, 'gone');
    expect(await run(['true'], { cwd })).toMatchObject({ how: 'not-started', message: `no such folder: ${cwd}` });
    expect(await run(['true'], { env: { 'a-b': '1' } })).toMatchObject({ how: 'not-started', exitCode: null });
  });

  test('cancelled before it began, it never runs', async () => {
    const end = await run(['touch', 'trace'], {}, AbortSignal.abort());
    expect(end.how).toBe('cancelled');
    await expect(readFile(join(folder, 'trace'))).rejects.toThrow('ENOENT');
  });
});

describe('what a command is given and what it says', () => {
  test('exactly the environment, words as they are, a closed stdin', async () => {
    expect(
      text(await run(['env'], { env: { A: '$(id)', PATH } }))
        .split('\n')
        .sort(),
    ).toEqual(['', 'A=$(id)', `PATH=${PATH}`]);
    expect(text(await run(['printf', '%s|', '$HOME', ';id', '*', '']))).toBe('$HOME|;id|*||');
    expect(text(await run(['cat']))).toBe('');
  });

  test('a shell command takes LOOP_ names from its environment, never as text', async () => {
    const end = await run(['printf "%s" "$LOOP_REPORT"'], { shell: true, env: { PATH, LOOP_REPORT: '"; touch x; "' } });
    expect(text(end)).toBe('"; touch x; "');
  });

  test('both streams are kept in order and handed on as they come, characters whole', async () => {
    const heard: string[] = [];
    const script = "echo out; sleep 0.1; echo err >&2; sleep 0.1; printf '\\303'; sleep 0.1; printf '\\251'";
    const end = await run(['sh', '-c', script], { onOutput: (piece) => heard.push(piece) });
    expect(text(end)).toBe('out\nerr\né');
    expect(heard.join('')).toBe('out\nerr\né');
    expect(end.outputTruncated).toBe(false);
  });

  test('a flood keeps its beginning and its end, and the command can finish', async () => {
    const end = await run(node("console.log('first'); console.log('x'.repeat(3e6)); console.log('last')"), {
      limits: { timeoutMs: 20_000, graceMs: 1000, outputBytesMax: 10_000 },
    });
    expect(end).toMatchObject({ how: 'exited', exitCode: 0, outputTruncated: true });
    expect(text(end)).toMatch(/^first\nx+\n\[… 2990012 bytes left out …\]\nx+\nlast\n$/);
  });

  test.runIf(process.platform === 'linux')('the memory of the whole group is measured', async () => {
    const held = 'const held = Buffer.alloc(60e6, 1); setTimeout(() => held.length, 350)';
    const end = await run(node(`require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(held)}]);`));
    expect(end.peakRssBytes).toBeGreaterThan(100e6);
  });
});

describe('nothing is left behind', () => {
  const stubborn = (file: string) =>
    node(`
      process.on('SIGINT', () => console.log('no'));
      const { spawn } = require('child_process');
      const sleeper = "process.on('SIGINT', () => {}); setInterval(() => {}, 1000); console.log(process.pid)";
      const inGroup = spawn(process.execPath, ['-e', sleeper], { stdio: 'pipe' });
      const ownSession = spawn(process.execPath, ['-e', sleeper], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
      let ready = 0;
      for (const child of [inGroup, ownSession]) child.stdout.once('data', () => {
        if (++ready === 2) require('fs').writeFileSync('${file}', [process.pid, inGroup.pid, ownSession.pid].join(' '));
      });
      setInterval(() => {}, 1000);
    `);

  async function pidsWhenReady(file: string): Promise<number[]> {
    return expect
      .poll(async () => (await readFile(file, 'utf8').catch(() => '')).split(' ').map(Number).length, {
        timeout: 15_000,
      })
      .toBe(3)
      .then(async () => (await readFile(file, 'utf8')).split(' ').map(Number));
  }

  test('of a command that ignores the interrupt, has a grandchild, and one in a session of its own', async () => {
    const file = join(folder, 'pids');
    const stop = new AbortController();
    const limits = { timeoutMs: 60_000, graceMs: 300, outputBytesMax: 1000 };
    const running = run(stubborn(file), { limits }, stop.signal);
    const pids = await pidsWhenReady(file);
    expect(pids.map(isRunning)).toEqual([true, true, true]);
    stop.abort();
    const end = await running;
    expect(end).toMatchObject({ how: 'cancelled', exitCode: null, signal: 'SIGKILL' });
    expect(text(end)).toContain('no');
    expect(pids.map(isRunning)).toEqual([false, false, false]);
  });

  test('of a command at its time limit', async () => {
    const end = await run(node("process.on('SIGINT', () => process.exit(0)); setInterval(() => {}, 1000)"), {
      limits: { timeoutMs: 400, graceMs: 10_000, outputBytesMax: 1000 },
    });
    expect(end).toMatchObject({ how: 'timeout', message: 'stopped after its time limit of 400 ms' });
  });

  test('of a command that its watcher stops: it says why, and is told before the interrupt', async () => {
    const order: string[] = [];
    const end = await run(
      node(
        "process.on('SIGINT', () => { console.log('late'); process.exit(1); }); console.log('ready'); setInterval(() => {}, 1000)",
      ),
      {
        onOutput: (text) => order.push(text.trim()),
        onStopping: () => order.push('stopping'),
        watch: (stop) => {
          const timer = setInterval(() => {
            if (order.includes('ready')) stop({ how: 'test-timeout', message: 'stopped after 1 s in one test: "a"' });
          }, 10);
          return () => {
            clearInterval(timer);
            order.push('watched');
          };
        },
      },
    );
    expect(end).toMatchObject({ how: 'test-timeout', exitCode: 1, message: 'stopped after 1 s in one test: "a"' });
    expect(order.toSorted()).toEqual(['late', 'ready', 'stopping', 'watched']);
    expect(order.indexOf('stopping')).toBeLessThan(order.indexOf('late'));
  });

  test('when the leader ends and its child holds the pipe', async () => {
    const end = await run(['sh', '-c', 'sleep 300 & echo $!']);
    expect(end).toMatchObject({ how: 'exited', exitCode: 0, message: '1 process left behind, ended' });
    expect(isRunning(Number(text(end)))).toBe(false);
  });

  test('when the journal refuses the start: the command never worked, the error comes through', async () => {
    const refused = run(['touch', 'trace'], { onStart: () => Promise.reject(new Error('disk full')) });
    await expect(refused).rejects.toThrow('disk full');
    await expect(readFile(join(folder, 'trace'))).rejects.toThrow('ENOENT');
  });
});

describe('reaping after a crash', () => {
  test('the group is told before the work starts, is ended by its name, and only by its own', async () => {
    let traceAtStart = 'unknown';
    let reaped: Promise<boolean[]> = Promise.resolve([]);
    const end = await run(['sh', '-c', 'touch trace; sleep 300'], {
      onStart: async (group) => {
        traceAtStart = await readFile(join(folder, 'trace'), 'utf8').catch(() => 'nothing done yet');
        reaped = reapOnceItWorks(group);
      },
    });
    expect(traceAtStart).toBe('nothing done yet');
    expect(await reaped).toEqual([false, false, true, false]);
    expect(end).toMatchObject({ how: 'exited', exitCode: null, signal: 'SIGKILL' });
  });

  async function reapOnceItWorks(group: ProcessGroup): Promise<boolean[]> {
    await expect.poll(() => readFile(join(folder, 'trace'), 'utf8').catch(() => null)).toBe('');
    const foreign = await tester.reap({ ...group, startedAtTicks: '1' });
    const unnamed = await tester.reap({ ...group, startedAtTicks: null });
    return [foreign, unnamed, await tester.reap(group), await tester.reap(group)];
  }

  test('a program behind its gate ends when we die before the gate opens', async () => {
    const words = behindGate('/usr/bin/touch', ['trace'], {});
    if (!words.ok) throw new Error(words.failure.message);
    const [shell, ...rest] = words.value;
    const gate = spawn(shell, rest, { cwd: folder, env: {}, stdio: ['pipe', 'ignore', 'ignore'] });
    // Our death closes the pipe in just this way.
    gate.stdin.end();
    expect(await once(gate, 'exit')).toEqual([125, null]);
    await expect(readFile(join(folder, 'trace'))).rejects.toThrow('ENOENT');
  });
});
