import { counted } from '../../core/count-words.ts';
import { flakyOn, neverPassed } from '../../core/flaky-budget.ts';
import type { Control, RedTest, SuiteResult } from '../../core/record.ts';
import type { StageRun } from '../../ports/stage.ts';
import { narrowingOf } from '../selected-tests.ts';
import type { SuiteParts } from '../suite-parts.ts';
import { type ControlPlace, controlRound, type Reference } from './control-round.ts';

/**
 * The red tests of one suite again, side by side. Where the runner can be told they run alone; what that cannot show is repeated with
 * the whole suite: a test that is green alone, or red alone on both, may hang on the others.
 */
export async function controlSuite(
  suite: SuiteResult,
  red: readonly RedTest[],
  at: { candidate: string | null; reference: Reference | null; targets: ControlPlace['targets']; cwd: string },
  parts: SuiteParts,
  run: StageRun,
): Promise<Control[]> {
  const { candidate, reference } = at;
  if (!candidate || !reference) return red.map((test) => impossible(suite, test, candidate, reference));
  const config = parts.pipeline.suites[suite.name];
  if (!config) throw new Error(`the record names suite ${suite.name}, which the pipeline does not have`);
  const place = { ...at, suite, config, candidate, reference };
  const ids = red.map(({ id }) => id);
  const { tests, because } = narrowingOf(config, ids);
  if (tests === null) {
    const note = config.select === undefined ? null : `the whole suite was repeated: ${because}`;
    const whole = await controlRound({ ...place, tests: null }, red, parts, run);
    return Promise.all(whole.map((one) => withNotes(one, null, note, run)));
  }
  const alone = await controlRound({ ...place, tests }, red, parts, run);
  const open = alone.filter(({ means }) => !toldAlone(means)).map(({ test }) => test);
  const again = red.filter(({ id }) => open.includes(id));
  const together = again.length === 0 ? [] : await controlRound({ ...place, tests: null }, again, parts, run);
  return Promise.all(
    alone.map((one) => {
      const whole = together.find(({ test }) => test === one.test);
      if (whole) return withNotes(whole, one, togetherNote(one, whole), run);
      return withNotes(one, null, `run alone: its suite was narrowed to ${counted(tests.length, 'red test')}`, run);
    }),
  );
}

/** A difference between the sides, or between repeats, is one whatever else ran; equal outcomes may come from what did not run. */
function toldAlone(means: Control['means']): boolean {
  return means === 'revision' || means === 'flaky';
}

function togetherNote(alone: Control, whole: Control): string {
  const same = alone.means === whole.means;
  if (alone.means === 'impossible') return 'it gave no outcome alone, so the whole suite was repeated';
  if (alone.means === 'not-reproduced')
    return same ? 'green alone and with the others of its suite' : 'red only together with the others of its suite';
  return same
    ? 'red alone and with the others of its suite'
    : 'red alone on both revisions: it needs the others of its suite';
}

/** A test that no attempt and no earlier run saw pass is broken, whatever else the table says. */
async function withNotes(one: Control, alone: Control | null, said: string | null, run: StageRun): Promise<Control> {
  const broken =
    [one, ...[alone ?? []].flat()].every(neverPassed) &&
    one.means !== 'impossible' &&
    !(await run.memory.history.everPassed(one.suite, one.test));
  const found = broken ? 'never passed, in no attempt and in no earlier run: broken, not flaky' : flakyNote(one);
  const notes = [found, said].filter((note) => note !== null);
  // The row's own repeats stand first: a replay reads its vectors from them.
  const evidence = [...new Set([...one.evidence, ...(alone?.evidence ?? [])])];
  return { ...one, note: notes.length === 0 ? null : notes.join('; '), evidence };
}

function flakyNote(one: Control): string | null {
  if (one.means === 'impossible') return null;
  switch (flakyOn(one)) {
    case 'both':
      return 'flaky on both revisions, first attempts counted';
    case 'candidate':
      return `flaky on the candidate alone after ${one.candidate?.runs.length} repeats a side`;
    case 'reference':
    case null:
      return null;
  }
}

function impossible(suite: SuiteResult, test: RedTest, candidate: string | null, reference: Reference | null): Control {
  return {
    suite: suite.name,
    test: test.id,
    first: test.attempts,
    candidate: candidate ? { revision: candidate, runs: '' } : null,
    reference: reference ? { revision: reference.revision, runs: '' } : null,
    means: 'impossible',
    note: null,
    evidence: [],
  };
}
