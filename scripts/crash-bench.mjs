// The full example, killed once at every Nth journal write and at every answer of a remote, resumed, and held against an
// undisturbed run: same verdict, exactly the same outside effects as the emulator counted them. `npm run bench crash 10`
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'dist', 'loop.cjs');
const every = Number(process.argv[2]) || 10;
const { NODE_EXTRA_CA_CERTS: _slow, ...env } = process.env;

const seeded = mkdtempSync(join(tmpdir(), 'loop-crash-bench-'));
for (const name of ['config', 'pipelines']) cpSync(join(root, name), join(seeded, name), { recursive: true });
symlinkSync(join(root, 'examples'), join(seeded, 'examples'));
loop(seeded, ['emulate']);
loop(seeded, ['emulate', '--stop']);

const undisturbed = story(null);
console.log(`undisturbed: ${undisturbed.verdict}, ${undisturbed.effects.length} outside effects`);
let failed = 0;
let points = 0;
for (const [where, step] of [
  ['answer', 1],
  ['write', every],
]) {
  for (let n = 1; ; n += step) {
    const outcome = story(`${where}:${n}`);
    if (!outcome.killed) break;
    points += 1;
    const same =
      outcome.verdict === undisturbed.verdict &&
      JSON.stringify(outcome.effects) === JSON.stringify(undisturbed.effects);
    if (!same) failed += 1;
    const note = same ? 'same' : `DIFFERENT: ${outcome.verdict}, ${difference(outcome.effects, undisturbed.effects)}`;
    console.log(`${where}:${n}`.padEnd(12), note, `${outcome.resumeSeconds.toFixed(1)} s after the kill`);
  }
}
rmSync(seeded, { recursive: true, force: true });
console.log(`${points} kill points, ${failed} with another outcome`);
process.exitCode = failed > 0 ? 1 : 0;

function story(failpoint) {
  const folder = mkdtempSync(join(tmpdir(), 'loop-crash-bench-'));
  cpSync(seeded, folder, { recursive: true, verbatimSymlinks: true });
  const before = ledger(folder).length;
  try {
    const first = loop(folder, ['--focus', 'all'], failpoint ? { LOOP_FAILPOINT: failpoint } : {});
    const killed = first.signal === 'SIGKILL';
    const start = performance.now();
    if (killed) loop(folder, loop(folder, ['list']).stdout.includes('z-') ? ['resume'] : ['--focus', 'all']);
    const resumeSeconds = (performance.now() - start) / 1000;
    const record = JSON.parse(loop(folder, ['show', 'last', '--json']).stdout);
    const effects = ledger(folder)
      .slice(before)
      .map((row) => `${row.api} ${row.method} ${row.path ?? ''}`);
    return { killed, verdict: record.verdict?.value, effects: effects.sort(), resumeSeconds };
  } finally {
    loop(folder, ['emulate', '--stop']);
    rmSync(folder, { recursive: true, force: true });
  }
}

function loop(folder, args, more = {}) {
  return spawnSync(process.execPath, [bin, ...args], { cwd: folder, env: { ...env, ...more }, encoding: 'utf8' });
}

function ledger(folder) {
  try {
    return readFileSync(join(folder, '.loop/emulator/ledger.ndjson'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}

function difference(left, right) {
  const count = (list) => list.reduce((sums, one) => sums.set(one, (sums.get(one) ?? 0) + 1), new Map());
  const [a, b] = [count(left), count(right)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((key) => a.get(key) !== b.get(key))
    .map((key) => `${key} ×${a.get(key) ?? 0} instead of ×${b.get(key) ?? 0}`)
    .join('; ');
}
