import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { atMost } from '../core/at-most.ts';
import { splitLowerBoundMs, splitOrder } from '../core/split-queue.ts';

/** Simulates and measures how pieces of known, wrong and unknown durations are spread. Prints makespan ÷ max(longest, all ÷ workers), mean and max. */
const seeds = 20;
const workersTried = [4, 8, 16];

/** Reproducible numbers in [0, 1). */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

type Durations = ReadonlyMap<string, number>;

function lognormal(seed: number): Durations {
  const random = mulberry(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return new Map(Array.from({ length: 200 }, (_, n) => [`t${n}`, 1_000 * Math.exp(1.5 * normal())]));
}

/** Recorded durations by their name, from a file: `{ name: milliseconds[] }`. */
function recordedSamples(file: string): Record<string, () => Durations> {
  const { source: _told, ...lists } = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
  const samples = z.record(z.string(), z.array(z.number())).parse(lists);
  return Object.fromEntries(
    Object.entries(samples).map(([name, list]) => {
      const durations = new Map(list.map((ms, n) => [`t${n}`, ms]));
      return [`${name}, n ${list.length}`, () => durations];
    }),
  );
}

/** What an earlier run recorded: wrong by up to 50 %, and of each tenth piece nothing. */
function recorded(real: Durations, seed: number, unknown: number): Durations {
  const random = mulberry(seed * 7919 + 1);
  const wrong = [...real].map(([item, ms]) => [item, ms * (0.5 + random())] as const);
  return new Map(wrong.filter(() => random() >= unknown));
}

/** Each worker takes the next piece when it is free. */
function queueMs(order: readonly string[], real: Durations, workers: number): number {
  const free: number[] = Array.from({ length: workers }, () => 0);
  for (const item of order) {
    const next = free.indexOf(Math.min(...free));
    free[next] = (free[next] ?? 0) + (real.get(item) ?? 0);
  }
  return Math.max(...free);
}

/** Each piece is given to a worker beforehand, the longest first, by what was recorded; unknown ones count as the mean. */
function staticMs(items: readonly string[], known: Durations, real: Durations, workers: number): number {
  const mean = [...known.values()].reduce((sum, ms) => sum + ms, 0) / Math.max(1, known.size);
  const guess = (item: string) => known.get(item) ?? mean;
  const planned: number[] = Array.from({ length: workers }, () => 0);
  const took: number[] = Array.from({ length: workers }, () => 0);
  for (const item of items.toSorted((one, other) => guess(other) - guess(one))) {
    const next = planned.indexOf(Math.min(...planned));
    planned[next] = (planned[next] ?? 0) + guess(item);
    took[next] = (took[next] ?? 0) + (real.get(item) ?? 0);
  }
  return Math.max(...took);
}

function ratios(sample: (seed: number) => Durations, unknown: number, workers: number) {
  const list = { queue: [] as number[], fixed: [] as number[], files: [] as number[] };
  for (let seed = 1; seed <= seeds; seed += 1) {
    const real = sample(seed);
    const items = [...real.keys()];
    const known = recorded(real, seed, unknown);
    const bound = splitLowerBoundMs([...real.values()], workers);
    list.queue.push(queueMs(splitOrder(items, known), real, workers) / bound);
    list.fixed.push(staticMs(items, known, real, workers) / bound);
    list.files.push(queueMs(items, real, workers) / bound);
  }
  const told = (values: number[]) =>
    `${(values.reduce((sum, one) => sum + one, 0) / values.length).toFixed(3)} / ${Math.max(...values).toFixed(3)}`;
  return [told(list.queue), told(list.fixed), told(list.files)];
}

/** Small programs that only wait, in the queue's order, by durations that are wrong by 50 %. */
async function measured(workers: number): Promise<string> {
  const random = mulberry(5);
  const real = new Map(Array.from({ length: 24 }, (_, n) => [`t${n}`, Math.round(100 + 1_200 * random() ** 3)]));
  const took: number[] = [];
  const start = performance.now();
  await atMost(workers, splitOrder([...real.keys()], recorded(real, 1, 0)), async (item) => {
    const from = performance.now();
    const child = spawn(process.execPath, ['-e', `setTimeout(() => {}, ${real.get(item)})`], { stdio: 'ignore' });
    await new Promise((resolve) => child.once('exit', resolve));
    took.push(performance.now() - from);
  });
  const makespan = performance.now() - start;
  const bound = splitLowerBoundMs(took, workers);
  return `${makespan.toFixed(0)} ms, lower bound ${bound.toFixed(0)} ms, ratio ${(makespan / bound).toFixed(3)}`;
}

const [, , file = ''] = process.argv;
const samples = { 'lognormal σ 1.5, n 200': lognormal, ...recordedSamples(file) };
const rows = [['durations', 'known', 'workers', 'queue (limit)', 'fixed plan, longest first', 'queue, file order']];
for (const [name, sample] of Object.entries(samples)) {
  for (const [unknown, known, limit] of [
    [0, '±50 %', '1.01'],
    [0.1, '±50 %, 10 % unknown', '1.07'],
  ] as const) {
    for (const workers of workersTried) {
      const [queue = '', fixed = '', files = ''] = ratios(sample, unknown, workers);
      rows.push([name, known, String(workers), `${queue} (${limit})`, fixed, files]);
    }
  }
}
const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
const lines = rows.map((row) =>
  row
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join('  ')
    .trimEnd(),
);
process.stdout.write(`${lines.join('\n')}\n24 real processes over 4 workers: ${await measured(4)}\n`);
