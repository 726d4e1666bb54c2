import { type TestPoint, tapLine } from '../tap/tap-line.ts';
import { type LiveDialect, type LiveEvent, nothing } from './live-dialect.ts';

const levelsMax = 64;

/** TAP, also indented. `# Subtest: name` comes before a test's lines, in node only when it reports them: silence may be a test. */
export const tap: LiveDialect = {
  name: 'tap',
  begins: false,
  knows: (line) => /^(?:TAP version \d+|# Subtest: .+|(?:not )?ok \d+(?: .*)?|1\.\.\d+)$/.test(line),
  open() {
    const names: string[] = [];
    let yaml = false;
    let points = 0;
    return {
      take(text): readonly LiveEvent[] {
        const plain = text.trimStart();
        if (yaml) yaml = plain !== '...';
        if (yaml || plain === '...') return nothing;
        const depth = Math.min(levelsMax, Math.floor((text.length - plain.length) / 4));
        const line = tapLine(plain.trimEnd());
        yaml = line.is === 'yaml-start';
        if (line.is === 'point') return point(line, depth);
        if (line.is === 'plan' && depth === 0 && points > 0) return [{ is: 'over' }];
        const name = line.is === 'comment' ? /^Subtest:? (.+)$/.exec(line.text)?.[1] : undefined;
        return name === undefined ? nothing : [{ is: 'began', test: enter(depth, name) }];
      },
    };
    function point(line: TestPoint, depth: number): readonly LiveEvent[] {
      points += 1;
      const test = enter(depth, line.name);
      // Its subtests come after it, in braces.
      if (line.opensBlock) return nothing;
      return [{ is: 'ended', test, outcome: line.directive ? 'skipped' : line.ok ? 'passed' : 'failed' }];
    }
    function enter(depth: number, name: string) {
      while (names.length < depth) names.push('');
      names.splice(depth, names.length, name);
      return { suite: names.slice(0, depth), name };
    }
  },
};
