import type { TestOutcome } from '../../core/test-report.ts';
import { goEventOf } from '../go-test-json/go-event.ts';
import { printedResult } from '../go-test-json/printed-result.ts';
import { type LiveDialect, type LiveTest, nothing } from './live-dialect.ts';

const outcomes = new Map<string, TestOutcome>([
  ['pass', 'passed'],
  ['bench', 'passed'],
  ['fail', 'failed'],
  ['skip', 'skipped'],
]);

/** `go test -json`. */
export const goJson: LiveDialect = {
  name: 'go-test-json',
  begins: true,
  parentsCount: true,
  knows: (line) => goEventOf(line) !== null,
  open: () => ({
    take(line) {
      const event = goEventOf(line);
      if (event === null || event.test === null) return nothing;
      const test = goTest(event.package, event.test);
      const outcome = outcomes.get(event.action);
      if (outcome !== undefined) return [{ is: 'ended', test, outcome }];
      if (event.action === 'run' || event.action === 'cont') return [{ is: 'began', test }];
      return event.action === 'pause' ? [{ is: 'paused', test }] : nothing;
    },
  }),
};

/** `go test -v`; the package's name comes after its tests, so that they are named without it. */
export const goText: LiveDialect = {
  name: 'go-test-text',
  begins: true,
  parentsCount: true,
  knows: (line) => /^=== RUN\s+\S/.test(line),
  open: () => ({
    take(line) {
      const step = /^=== (RUN|CONT|PAUSE)\s+(\S+)$/.exec(line);
      if (step?.[2] !== undefined) return [{ is: step[1] === 'PAUSE' ? 'paused' : 'began', test: goTest('', step[2]) }];
      const result = printedResult(line);
      return result === null ? nothing : [{ is: 'ended', test: goTest('', result.test), outcome: result.outcome }];
    },
  }),
};

/** A subtest is named after its parents: `TestA/sub`. */
function goTest(packageName: string, name: string): LiveTest {
  return { suite: [packageName], name, levels: [packageName, ...name.split('/')] };
}
