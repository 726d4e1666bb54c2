import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EnvironmentConfig } from '../../config/environment.ts';
import { PipelineConfig } from '../../config/pipeline.ts';
import { judgePhase } from '../../core/judge-phase.ts';
import type { SuiteResult } from '../../core/record.ts';
import { fail } from '../../core/result.ts';
import type { StageRun } from '../../ports/stage.ts';
import { readProcess } from '../../providers/process/process-facts.ts';
import { processTester } from '../../providers/process/tester.ts';
import { endOf, runId, SmallRun } from '../../testing/small-run.ts';
import { storedAttempt } from '../stored-attempt.ts';
import { runPhase } from './run-phase.ts';

let run: SmallRun;
let stageKey = '';
beforeEach(async () => {
  run = await SmallRun.create();
  Object.defineProperty(run, 'now', { get: () => new Date() });
});
afterEach(() => run.remove());

const environment = EnvironmentConfig.parse({
  environment: 'local',
  project: 'demo',
  region: 'local',
  repository: { owner: 'demo', name: 'chat' },
  services: { api: { cloudRun: 'api', path: 'api' } },
});

/** What a suite of these tests can do: say that a test began or ended, write the report, meet another suite, wait for ever. */
const words = `
const fs = require('node:fs');
const say = (type, name) => console.log(JSON.stringify({ type: 'test:' + type, data: { name, nesting: 0 } }));
const done = [];
const passes = (name) => { say('dequeue', name); say('pass', name); done.push('<testcase name="' + name + '"/>'); };
const fails = (name) => { say('dequeue', name); say('fail', name); done.push('<testcase name="' + name + '"><failure message="no"/></testcase>'); process.exitCode = 1; };
const report = () => fs.writeFileSync(process.env.LOOP_REPORT + '/r.xml', '<testsuite>' + done.join('') + '</testsuite>');
const mark = (name) => fs.writeFileSync(name, String(process.pid));
const meets = (name) => { while (!fs.existsSync(name)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10); };
const hangs = (name) => { say('dequeue', name); setInterval(() => {}, 1000); };
`;

interface Told {
  readonly results: SuiteResult[];
  readonly began: string[];
  readonly progress: string[];
  /** `[startedAt, endedAt]` by suite. */
  readonly times: Record<string, [number, number]>;
}

interface Story {
  readonly suites: Record<string, { script: string } & Record<string, unknown>>;
  readonly parallel?: number;
  readonly gate?: string;
  readonly collected?: Record<string, number>;
  readonly rules?: Record<string, string>;
  /** What the focus narrows each suite to. */
  readonly tests?: readonly string[];
}

async function play(story: Story): Promise<Told> {
  const { suites, parallel = 1, gate, collected = {}, rules = {}, tests = null } = story;
  const pipeline = PipelineConfig.parse({
    pipeline: 'e2e',
    gates: { P3: '100%' },
    running: { parallel },
    rules,
    phases: [{ name: 'one', suites: Object.keys(suites), ...(gate ? { gate } : {}) }],
    suites: Object.fromEntries(
      Object.entries(suites).map(([name, { script, ...more }]) => {
        const common = { service: 'api', report: { path: '*.xml' }, ...(gate ? { gate: 'phase' } : {}) };
        const count = collected[name];
        const collect = count && { collect: { run: ['node', '-e', `console.log(${count})`], count: 'number' } };
        return [name, { ...common, run: ['node', '-e', `${words}${script}`], ...collect, ...more }];
      }),
    ),
  });
  const began: string[] = [];
  const progress: string[] = [];
  const tester = processTester();
  const parts = {
    environment,
    pipeline,
    selection: { words: ['all'], partial: false, phases: [], suites: [], impact: null },
    tester: {
      ...tester,
      run: (command: Parameters<typeof tester.run>[0], signal: AbortSignal) => {
        const name = Object.keys(suites).find((one) => command.argv[2]?.endsWith(suites[one]?.script ?? '?'));
        if (name !== undefined) began.push(name);
        return tester.run(command, signal);
      },
    },
    path: `${dirname(process.execPath)}:/usr/bin:/bin`,
    version: '1.0.0',
    sleep: async (ms: number, signal: AbortSignal) => void (await wait(ms, undefined, { signal }).catch(() => {})),
    logs: { read: async () => fail('unavailable', 'no log here') },
    override: null,
  } as unknown as Parameters<typeof runPhase>[2];
  let told: Told | null = null;
  run.stages.testing = async (given) => {
    stageKey = given.key;
    const stage: StageRun = { ...given, progress: (text) => progress.push(text) };
    const results = await runPhase(
      {
        name: 'one',
        gatePermille: pipeline.phases[0]?.gate ?? null,
        suites: Object.entries(pipeline.suites).map(([name, config]) => ({ name, config, tests })),
        before: [],
      },
      { urls: {}, roles: {}, cwd: run.folder },
      parts,
      stage,
    );
    const times: Told['times'] = {};
    for (const result of results) {
      const attempt = await storedAttempt(result, stage);
      if (attempt) times[result.name] = [Date.parse(attempt.startedAt), Date.parse(attempt.endedAt)];
    }
    told = { results, began, progress, times };
    return endOf('testing');
  };
  const end = await run.drive();
  if (told === null) throw new Error(`the phase was not run to its end: ${end.state}`);
  return told;
}

function one(told: Told, name: string): SuiteResult {
  const found = told.results.find((suite) => suite.name === name);
  if (!found) throw new Error(`no suite ${name}`);
  return found;
}

/** Does something as soon as the journal holds a suite's result. */
function onceStored(suite: string, act: () => void): () => void {
  const look = setInterval(async () => {
    if ((await run.store.step(runId, `${stageKey}/one/${suite}`))?.state !== 'done') return;
    clearInterval(look);
    act();
  }, 20);
  return () => clearInterval(look);
}

const overlap = (told: Told, left: string, right: string): boolean => {
  const [a, b] = [told.times[left], told.times[right]];
  if (!a || !b) throw new Error(`${left} or ${right} did not run`);
  return a[0] < b[1] && b[0] < a[1];
};

describe('suites beside each other', () => {
  const green = "passes('a'); report();";

  test('as many as the pipeline allows, an exclusive one alone, all of them in order', async () => {
    const told = await play({
      parallel: 2,
      suites: {
        // Neither ends before the other began: with one at a time they would wait for ever.
        first: { script: `mark('first'); meets('second'); ${green} // 1` },
        second: { script: `mark('second'); meets('first'); ${green} // 2` },
        third: { script: `${green} // 3` },
        lonely: { script: `${green} // 4`, exclusive: true },
        last: { script: `${green} // 5` },
      },
    });
    expect(told.began.slice(2)).toEqual(['third', 'lonely', 'last']);
    expect(told.results.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual(
      ['first', 'second', 'third', 'lonely', 'last'].map((name) => `${name} GO`),
    );
    expect(overlap(told, 'first', 'second')).toBe(true);
    for (const other of ['first', 'second', 'third', 'last']) expect(overlap(told, 'lonely', other)).toBe(false);
  });

  test('a suite may have any name', async () => {
    const seen = await play({ suites: { seen: { script: green, evidence: 'server' } } });
    expect(one(seen, 'seen').invalidBecause).toEqual([expect.stringMatching(/^not seen by the server/)]);
  });

  test('no more than that', async () => {
    const told = await play({
      parallel: 1,
      suites: { first: { script: `${green} // 1` }, second: { script: `${green} // 2` } },
    });
    expect(overlap(told, 'first', 'second')).toBe(false);
  });

  test('what was done comes back in a resumed run, and what was begun is begun again', async () => {
    const suites = {
      red: { script: `meets('slow'); fails('a'); report(); // 1` },
      slow: { script: `mark('slow'); if (!fs.existsSync('again')) hangs('b'); else { ${green} } // 2` },
      later: { script: `${green} // 3` },
    };
    // The slow one still runs then: Ctrl-C.
    const stop = onceStored('red', () => run.interrupt.abort());
    await expect(play({ parallel: 2, suites })).rejects.toThrow('not run to its end');
    stop();
    writeFileSync(join(run.folder, 'again'), '');
    const fresh = new AbortController().signal;
    const drive = run.drive.bind(run);
    run.drive = () => drive(run.store, fresh);
    const told = await play({ parallel: 2, suites });
    expect(told.began).toEqual(['slow']);
    expect(told.results.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      'red NO-GO',
      'slow GO',
      'later INVALID',
    ]);
    expect(one(told, 'later').invalidBecause).toEqual(['not run: the gate was lost before it']);
  });
});

describe('when the gate is lost', () => {
  const red = "meets('other'); passes('a'); fails('b'); report(); // red";
  const other = "mark('other'); passes('a'); meets('lost'); passes('b'); report(); // other";

  test('what runs ends by itself, and nothing more is begun', async () => {
    const stop = onceStored('red', () => writeFileSync(join(run.folder, 'lost'), ''));
    const told = await play({
      parallel: 2,
      suites: { red: { script: red }, other: { script: other }, later: { script: 'report(); // later' } },
    });
    stop();
    expect(told.began.toSorted()).toEqual(['other', 'red']);
    expect(one(told, 'other')).toMatchObject({ verdict: 'GO', counts: { passed: 2 }, partial: false });
    expect(one(told, 'later').invalidBecause).toEqual(['not run: the gate was lost before it']);
  });

  test('what was not begun is in the denominator, with all that was collected of it', async () => {
    const suites = { red: { script: "fails('a'); report();" }, later: { script: 'report(); // later' } };
    const told = await play({ suites, collected: { later: 215 } });
    expect(one(told, 'later')).toMatchObject({ verdict: 'INVALID', counts: { selected: 215, notRun: 215 } });
  });

  test('by the sum of a phase whose suites were all collected, as soon as nothing could win it back', async () => {
    const suites = { red: { script: "fails('a'); fails('b'); report();" }, later: { script: 'report(); // later' } };
    const few = await play({ suites, gate: '80%', collected: { red: 2, later: 7 } });
    expect(few.began).toEqual(['red']);
  });

  test('not by the sum, where what is to come could win it back or nobody counted it', async () => {
    const suites = { red: { script: "fails('a'); report();" }, later: { script: "passes('c'); report(); // later" } };
    expect((await play({ suites, gate: '80%', collected: { red: 1, later: 4 } })).began).toEqual(['red', 'later']);
  });

  test('not by a suite that breaks a rule which the pipeline enforces', async () => {
    const mock = "console.log('using mock WebSocket'); fails('a'); report(); // mock";
    const suites = { mock: { script: mock }, later: { script: "passes('c'); report(); // later" } };
    const told = await play({ suites, rules: { mock: 'enforce' } });
    expect(told.results.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual(['mock INVALID', 'later GO']);
  });

  test('a suite that says so is stopped by its own red tests, and nothing of it is left', async () => {
    const told = await play({
      suites: {
        red: {
          script: "mark('pid'); passes('a'); fails('b'); hangs('c');",
          onNoGo: 'stop',
          testsMin: 4,
        },
      },
    });
    const suite = one(told, 'red');
    expect(suite).toMatchObject({
      verdict: 'NO-GO',
      partial: true,
      hung: ['c'],
      counts: { selected: 4, executed: 2, passed: 1, failed: 1, notRun: 2 },
      tests: [{ id: 'b', outcome: 'failed' }],
    });
    expect(suite.warnings).toContain('stopped: its gate of 100 % was lost with 1 red test');
    expect(readProcess(Number(readFileSync(join(run.folder, 'pid'), 'utf8')))).toBeNull();
  });

  test('no red test stops a suite whose runner repeats it', async () => {
    const script =
      "fails('a'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600); process.exitCode = 0; passes('a'); report();";
    const again = { script: script, onNoGo: 'stop', report: { path: '*.xml', retries: 'same-name' } };
    expect(one(await play({ suites: { again } }), 'again')).toMatchObject({ verdict: 'GO', partial: false });
  });

  test('a suite that says so is stopped when another one lost it', async () => {
    const told = await play({
      parallel: 2,
      suites: { red: { script: red }, other: { script: "mark('other'); passes('a'); hangs('b');", onNoGo: 'stop' } },
    });
    expect(one(told, 'other')).toMatchObject({
      verdict: 'INVALID',
      invalidBecause: expect.arrayContaining(['stopped: the gate was lost in suite red, which ended beside it']),
    });
    expect(judgePhase({ name: 'one', thresholdPermille: null }, told.results).verdict).toBe('NO-GO');
  });
});

describe('a test that hangs', () => {
  test('is named, and what is not known is not run', async () => {
    const told = await play({
      suites: {
        slow: { script: "passes('a'); passes('b'); hangs('sends every event');", testTimeoutSeconds: 1, testsMin: 3 },
      },
    });
    const suite = one(told, 'slow');
    expect(suite).toMatchObject({
      verdict: 'INVALID',
      partial: true,
      hung: ['sends every event'],
      counts: { selected: 3, executed: 2, passed: 2, failed: 0, notRun: 1 },
      tests: [],
    });
    expect(suite.invalidBecause[0]).toBe('hung: stopped after 1 s in one test: "sends every event"');
    expect(told.progress).toContain('slow: 2 of at least 3 · sends every event');
  });

  test('beside red tests that lose the gate, the suite is NO-GO', async () => {
    const script = "passes('a'); fails('b'); report(); hangs('c');";
    const told = await play({ suites: { slow: { script, timeoutSeconds: 1 } }, collected: { slow: 3 } });
    const suite = one(told, 'slow');
    expect(suite).toMatchObject({ verdict: 'NO-GO', hung: ['c'], tests: [{ id: 'b', message: 'no' }] });
    expect(suite.warnings[0]).toBe('timed out: stopped after its time limit of 1 s; running then: "c"');
    expect(suite.collected).toMatchObject({ count: 3, evidence: [expect.stringMatching(/^E\d+$/)] });
  });

  test('what the interrupt itself makes red is no failure of the test', async () => {
    const script = "passes('a'); process.on('SIGINT', () => { fails('c'); report(); process.exit(1); }); hangs('c');";
    const told = await play({ suites: { slow: { script, timeoutSeconds: 1 } } });
    expect(one(told, 'slow')).toMatchObject({
      verdict: 'INVALID',
      hung: ['c'],
      tests: [],
      counts: { selected: 2, executed: 1, passed: 1, failed: 0, notRun: 1 },
    });
  });
});

describe('a suite that runs whole though the focus names one test', () => {
  const suites = { chat: { script: "passes('a'); report();" } };

  test('has the floor of a whole run', async () => {
    const about = { suite: 'chat', selection: 'all', run: 'night-1', cycle: 1, revision: null, commit: null };
    const three = ['a', 'b', 'c'].map((test) => ({ test, outcome: 'P' as const, durationMs: 1 }));
    const at = '2026-11-19T02:00:00.000Z';
    const row = { ...about, verdict: 'GO' as const, at, tests: three, rules: {}, narrowed: false };
    await run.store.memory('local', runId).history.remember(row);
    expect(one(await play({ suites, tests: ['a'] }), 'chat')).toMatchObject({
      ...{ verdict: 'INVALID', narrowedTo: null, counts: { selected: 3, passed: 1, notRun: 2 } },
      invalidBecause: [expect.stringContaining('too few tests: 1 collected, floor 3 of run night-1')],
    });
  });

  test('is collected', async () => {
    expect(one(await play({ suites, tests: ['a'], collected: { chat: 4 } }), 'chat')).toMatchObject({
      ...{ verdict: 'INVALID', collected: { count: 4 }, counts: { selected: 4, passed: 1, notRun: 3 } },
    });
  });
});
