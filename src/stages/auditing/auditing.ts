import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PipelineConfig } from '../../config/pipeline.ts';
import type { Fix } from '../../core/record.ts';
import { proven } from '../../ports/journal.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import { fixWorktree } from '../cause-keys.ts';
import { currentCause, currentFix, withFix } from '../current-cause.ts';
import type { StageParts } from '../parts.ts';

type Parts = Pick<StageParts, 'pipeline' | 'repository' | 'tester' | 'path'>;
type Audit = PipelineConfig['audits'][number];

const timeoutMs = 5 * 60_000;

/** Numbers that a fix may not make worse, measured on the judged commit and on the fix in the same way. */
export function auditing(parts: Parts): Stage<'auditing'> {
  return async (run) => {
    const cause = currentCause(run);
    const fix = currentFix(run);
    if (!fix?.commit) return { facts: { passed: false }, patch: {}, said: 'there is no fix to audit', ok: false };
    const head = run.record.run.head ?? '';
    const base = await parts.repository.worktree(
      { name: `judged-${head.slice(0, 12)}`, commit: head, branch: null },
      run.signal,
    );
    const fixed = await parts.repository.worktree(
      { name: fixWorktree(cause.fingerprint, fix.attempt), commit: fix.commit, branch: fix.branch },
      run.signal,
    );
    const audits: Fix['audits'] = [];
    for (const audit of parts.pipeline.audits) {
      if (base.ok && fixed.ok) audits.push(await judge(audit, base.value, fixed.value, parts, run));
      else audits.push({ name: audit.name, ok: false, because: 'the worktrees could not be made', evidence: [] });
    }
    const failed = audits.find((audit) => !audit.ok);
    const said = failed
      ? `${failed.name}: ${failed.because}`
      : audits.map((audit) => `${audit.name}: ${audit.because}`).join('; ') || 'no audit is asked for';
    return { facts: { passed: !failed }, patch: { fixes: withFix(run, { ...fix, audits }) }, said, ok: !failed };
  };
}

async function judge(
  audit: Audit,
  base: string,
  fixed: string,
  parts: Parts,
  run: StageRun,
): Promise<Fix['audits'][number]> {
  return run.journal.step(`${run.key}/${audit.name}`, { audit }, async () => {
    run.progress(`audit ${audit.name}`);
    const [before, after] = await Promise.all([measure(audit, base, parts, run), measure(audit, fixed, parts, run)]);
    const ok = before !== null && after !== null && allowed(audit, before, after);
    const because =
      before === null || after === null
        ? 'it could not be measured'
        : `${audit.number} ${before} before, ${after} after (must ${mustWords[audit.may]})`;
    const content = JSON.stringify({ audit, before, after }, null, 2);
    const artifact = await run.artifacts.put({
      kind: 'audit',
      source: `audit ${audit.name}`,
      at: run.now().toISOString(),
      content,
      excerpt: because,
    });
    return proven(artifact, (evidence) => ({ name: audit.name, ok, because, evidence: [evidence] }));
  });
}

async function measure(audit: Audit, cwd: string, parts: Parts, run: StageRun): Promise<number | null> {
  const home = await mkdtemp(join(tmpdir(), 'loop-audit-'));
  try {
    const end = await parts.tester.run(
      {
        argv: audit.run,
        shell: false,
        cwd,
        env: { PATH: parts.path, HOME: home, LANG: 'C.UTF-8', TZ: 'UTC' },
        limits: { timeoutMs, graceMs: 5_000, outputBytesMax: 1024 * 1024 },
        onStart: (group) => run.startedProcess(group),
      },
      run.signal,
    );
    if (end.how !== 'exited' || end.exitCode === null) return null;
    if (audit.number === 'exit-code') return end.exitCode;
    const value = Number(Buffer.from(end.output).toString('utf8').trim().split('\n').at(-1));
    return Number.isFinite(value) ? value : null;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

const mustWords: Readonly<Record<Audit['may'], string>> = {
  'not-rise': 'not rise',
  'not-fall': 'not fall',
  'be-zero': 'be 0',
};

function allowed(audit: Audit, before: number, after: number): boolean {
  if (audit.may === 'be-zero') return after === 0;
  return audit.may === 'not-rise' ? after <= before : after >= before;
}
