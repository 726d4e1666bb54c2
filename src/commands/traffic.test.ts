import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runLoop } from '../testing/loop-process.ts';
import { newestRun } from '../testing/newest-run.ts';
import { smallProject } from '../testing/small-project.ts';

/** What users are exposed to, by the front end's own log: a candidate that does not start, and a bad one that takes the traffic. */
let project = '';
beforeEach(() => {
  project = smallProject();
});
afterEach(async () => {
  await runLoop(project, ['emulate', '--stop']);
  rmSync(project, { recursive: true, force: true });
});

test('a candidate with a broken boot never receives a request, and the service is left as it was found', async () => {
  headDoes('process.exit(3);');
  const end = await runLoop(project, ['--focus', 'all']);
  expect(end.exitCode, end.stderr).toBe(1);
  const { verdict, deployments, trafficMoves } = newestRun(project).record;
  expect(verdict).toMatchObject({ value: 'NO-GO', reason: expect.stringContaining('did not come up') });
  const asked = requestsByRevision();
  const [stable] = deployments.filter((one) => one.role === 'stable');
  expect(asked.get(stable?.revision ?? '')).toBeGreaterThan(0);
  const others = [...asked].filter(([revision]) => revision !== stable?.revision);
  expect(others).toEqual([]);
  expect(bootsOfOthers(stable?.revision ?? '')).toBeGreaterThan(0);
  expect(trafficMoves).toMatchObject([{ allocation: 'latest', why: 'served as LATEST again, as it was found' }]);
});

test('a bad revision that took the traffic gives it back, and never has it again without --force', async () => {
  headDoes('response.statusCode = 500;');
  const config = join(project, 'config', 'local.yaml');
  writeFileSync(config, readFileSync(config, 'utf8').replace('candidate: tag', 'candidate: traffic'));
  const end = await runLoop(project, ['--focus', 'all']);
  expect(end.exitCode, end.stderr).toBe(1);
  const first = newestRun(project).record;
  expect(first.run.outcome).toBe('rolled-back');
  expect(first.trafficMoves).toMatchObject([
    { why: expect.stringMatching(/^deployed/) },
    { why: expect.stringMatching(/^rolled back: it is not healthy/), verified: true, tookMs: expect.any(Number) },
  ]);
  const again = await runLoop(project, ['--focus', 'all']);
  expect(again.exitCode, again.stderr).toBe(1);
  const second = newestRun(project).record;
  expect(second.verdict?.reason).toContain('was found bad before: with traffic:');
  expect(second.trafficMoves).toEqual([]);
  const unsaid = await runLoop(project, ['--focus', 'all', '--force']);
  expect(unsaid).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--force --override "REASON"') });
  const why = 'the fault is elsewhere';
  const forced = await runLoop(project, ['--focus', 'all', '--force', '--override', why]);
  expect(forced.exitCode, forced.stderr).toBe(1);
  expect(forced.stderr).toContain('WAS FOUND BAD BEFORE AND MAY HAVE TRAFFIC AGAIN');
  const third = newestRun(project).record;
  expect(third.overrides).toEqual([
    `--force, --override "${why}": A REVISION THAT WAS FOUND BAD BEFORE MAY HAVE TRAFFIC AGAIN`,
  ]);
  expect(third.run.outcome).toBe('rolled-back');
}, 180_000);

/** The second commit of the example's history gives the server this line, where it answers or before it listens. */
function headDoes(line: string): void {
  const inside = line.startsWith('response');
  const added = inside ? `+  ${line}` : `+${line}`;
  const patch = `diff --git a/hello/server.js b/hello/server.js
--- a/hello/server.js
+++ b/hello/server.js
@@ -2,3 +2,4 @@

${inside ? ` const server = createServer((request, response) => {\n${added}` : `${added}\n const server = createServer((request, response) => {`}
   console.log(JSON.stringify({ message: 'asked', path: request.url }));
`;
  writeFileSync(join(project, 'example', 'history', 'bad.patch'), patch);
}

interface Entry {
  readonly httpRequest?: object;
  readonly resource: { readonly labels: Readonly<Record<string, string>> };
  readonly logName: string;
}

function entries(): Entry[] {
  const file = join(project, '.loop', 'emulator', 'log-entries.ndjson');
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Entry);
}

/** The front end's own count. */
function requestsByRevision(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { httpRequest, resource } of entries()) {
    const revision = resource.labels.revision_name ?? '';
    if (httpRequest) counts.set(revision, (counts.get(revision) ?? 0) + 1);
  }
  return counts;
}

function bootsOfOthers(stable: string): number {
  const lines = entries().filter(({ logName }) => logName.includes('varlog'));
  return lines.filter(({ resource }) => ![stable, ''].includes(resource.labels.revision_name ?? '')).length;
}
