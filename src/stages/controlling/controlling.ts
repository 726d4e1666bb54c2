import type { Control, RedTest, SuiteResult } from '../../core/record.ts';
import type { ControlMeaning } from '../../core/words.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import { foreignChanges } from '../foreign-changes.ts';
import { judgedPlace } from '../judged-place.ts';
import type { StageParts } from '../parts.ts';
import { mixedTargets, revisionUrl, serviceTargets } from '../service-targets.ts';
import { runSuite, type SuiteAttempt } from '../suite-attempt.ts';
import { problemOf } from '../trouble.ts';

type Parts = Pick<
  StageParts,
  'environment' | 'pipeline' | 'selection' | 'deployer' | 'repository' | 'tester' | 'path' | 'version'
>;

/** Control before blame: each red suite again, k times on the candidate and on the reference, side by side in the same minute. */
export function controlling(parts: Parts): Stage<'controlling'> {
  return async (run) => {
    const place = await judgedPlace(parts, run);
    if (!place.ok) {
      const problems = [...run.record.problems, problemOf('controlling', place.failure, false)];
      return {
        facts: { badRevisionHasTraffic: false, referenceGreen: false, foreign: false },
        patch: { problems },
        said: `no control was possible: ${place.failure.message}`,
        ok: false,
      };
    }
    const { services, cwd } = place.value;
    const targets = serviceTargets(run.record, parts.environment, services);
    const red = redSuites(run);
    const control: Control[] = [];
    for (const suite of red) {
      const reference = await referenceOf(suite, services, parts, run);
      control.push(...(await controlSuite(suite, { targets, reference, cwd }, parts, run)));
    }
    const bad = control.filter((one) => one.means === 'revision');
    await rememberBad(bad, red, run);
    const serving = servingNow(services, parts);
    const foreign = await foreignChanges(parts, run);
    return {
      facts: {
        badRevisionHasTraffic: bad.some((one) => one.candidate !== null && serving.has(one.candidate.revision)),
        referenceGreen: bad.length > 0,
        foreign: foreign.length > 0,
      },
      patch: { control, ...(foreign.length > 0 ? { foreignChanges: [...run.record.foreignChanges, ...foreign] } : {}) },
      said: sentence(control),
      ok: control.every((one) => one.means === 'not-reproduced'),
    };
  };
}

function redSuites(run: StageRun): SuiteResult[] {
  return run.record.phases.flatMap((phase) =>
    phase.suites.filter((suite) => suite.verdict !== 'INVALID' && suite.tests.length > 0),
  );
}

interface Reference {
  readonly revision: string;
  readonly url: string;
}

/** The last revision with a recorded GO, else the one that served before; null when it cannot be told from the candidate or reached. */
async function referenceOf(
  suite: SuiteResult,
  services: Parameters<typeof serviceTargets>[2],
  parts: Parts,
  run: StageRun,
): Promise<Reference | null> {
  const facts = services.get(parts.environment.services[suite.service]?.cloudRun ?? suite.service);
  const tested = candidateRevision(suite, run);
  const served =
    run.record.deployments.find((one) => one.service === suite.service && one.role === 'stable')?.revision ?? null;
  const good = await run.memory.goodRevision(suite.service);
  for (const revision of [good?.revision ?? null, served]) {
    const url = facts && revision && revision !== tested ? revisionUrl(facts, revision) : null;
    if (url && revision) return { revision, url };
  }
  return null;
}

function candidateRevision(suite: SuiteResult, run: StageRun): string | null {
  const role = suite.roles[suite.service] ?? 'stable';
  return run.record.deployments.find((one) => one.service === suite.service && one.role === role)?.revision ?? null;
}

async function controlSuite(
  suite: SuiteResult,
  at: { targets: ReturnType<typeof serviceTargets>; reference: Reference | null; cwd: string },
  parts: Parts,
  run: StageRun,
): Promise<Control[]> {
  const config = parts.pipeline.suites[suite.name];
  const revision = candidateRevision(suite, run);
  if (!config || !revision || !at.reference)
    return suite.tests.map((test) => impossible(suite, test, revision, at.reference));
  const candidateUrls = mixedTargets(at.targets, 'candidate').urls;
  const stableUrls = { ...mixedTargets(at.targets, 'stable').urls, [suite.service]: at.reference.url };
  const sides: { candidate: SuiteAttempt[]; reference: SuiteAttempt[] } = { candidate: [], reference: [] };
  const { repeats } = parts.pipeline.control;
  for (let n = 1; n <= repeats; n += 1) {
    run.progress(`${suite.name}: control ${n} of ${repeats} on candidate and reference`);
    const key = `${run.key}/${suite.name}`;
    const base = { name: suite.name, suite: config, cwd: at.cwd };
    const [candidate, reference] = await Promise.all([
      runSuite({ ...base, key: `${key}/candidate/${n}`, urls: candidateUrls }, parts, run),
      runSuite({ ...base, key: `${key}/reference/${n}`, urls: stableUrls }, parts, run),
    ]);
    sides.candidate.push(candidate);
    sides.reference.push(reference);
  }
  return suite.tests.map((test) =>
    controlOf(suite, test, sides, { candidate: revision, reference: at.reference?.revision ?? '' }),
  );
}

function controlOf(
  suite: SuiteResult,
  test: RedTest,
  sides: { candidate: readonly SuiteAttempt[]; reference: readonly SuiteAttempt[] },
  revisions: { candidate: string; reference: string },
): Control {
  const candidate = sides.candidate.map((attempt) => outcomeOf(attempt, test.id)).join('');
  const reference = sides.reference.map((attempt) => outcomeOf(attempt, test.id)).join('');
  return {
    suite: suite.name,
    test: test.id,
    first: test.attempts,
    candidate: { revision: revisions.candidate, runs: candidate },
    reference: { revision: revisions.reference, runs: reference },
    means: meaningOf(candidate, reference),
    // The facts, console and report of every repeat, both sides.
    evidence: [...sides.candidate, ...sides.reference].flatMap((attempt) => attempt.evidence.slice(-1)),
  };
}

/** `F`, `P`, or `-` where the repeat says nothing about this test. */
function outcomeOf(attempt: SuiteAttempt, id: string): string {
  if (attempt.red.some((test) => test.id === id)) return 'F';
  return attempt.passed.includes(id) ? 'P' : '-';
}

/** Law 8: red/green = this revision, red/red = environment or older, green/green = not reproduced, mixed = flaky. */
export function meaningOf(candidate: string, reference: string): ControlMeaning {
  const all = (runs: string, letter: string) => runs !== '' && [...runs].every((one) => one === letter);
  if (`${candidate}${reference}`.includes('-')) return 'impossible';
  if (all(candidate, 'F') && all(reference, 'P')) return 'revision';
  if (all(candidate, 'F') && all(reference, 'F')) return 'environment-or-older';
  if (all(candidate, 'P') && all(reference, 'P')) return 'not-reproduced';
  return 'flaky';
}

function impossible(suite: SuiteResult, test: RedTest, revision: string | null, reference: Reference | null): Control {
  return {
    suite: suite.name,
    test: test.id,
    first: test.attempts,
    candidate: revision ? { revision, runs: '' } : null,
    reference: reference ? { revision: reference.revision, runs: '' } : null,
    means: 'impossible',
    evidence: [],
  };
}

async function rememberBad(bad: readonly Control[], suites: readonly SuiteResult[], run: StageRun): Promise<void> {
  for (const one of bad) {
    const service = suites.find((suite) => suite.name === one.suite)?.service;
    if (!service || !one.candidate) continue;
    const because = `${one.test} in ${one.suite}: ${one.candidate.runs} here, ${one.reference?.runs} on ${one.reference?.revision}`;
    await run.memory.rememberBad({
      service,
      revision: one.candidate.revision,
      run: run.record.run.id,
      at: run.now().toISOString(),
      because,
    });
  }
}

function servingNow(services: Parameters<typeof serviceTargets>[2], parts: Parts): Set<string> {
  const all = Object.values(parts.environment.services).flatMap(
    ({ cloudRun }) => services.get(cloudRun)?.serving ?? [],
  );
  return new Set(all);
}

function sentence(control: readonly Control[]): string {
  const count = (means: ControlMeaning) => control.filter((one) => one.means === means).length;
  const words: Record<ControlMeaning, string> = {
    revision: 'red on the candidate and green on the reference',
    'environment-or-older': 'red on both',
    flaky: 'mixed',
    'not-reproduced': 'not red again',
    impossible: 'without a control',
  };
  const parts = (Object.keys(words) as ControlMeaning[])
    .filter((means) => count(means) > 0)
    .map((means) => `${count(means)} ${words[means]}`);
  const sample = control.find((one) => one.means === 'revision');
  return `${parts.join(', ')}${sample ? ` (${sample.candidate?.runs}/${sample.reference?.runs})` : ''}`;
}
