import type { TestOutcome } from '../../core/test-report.ts';
import { type LiveDialect, type LiveEvent, nothing } from './live-dialect.ts';

/** node's spec reporter: `✔ name (1.2ms)` as tests end, `▶ name` over those of a suite, whose own line closes it. */
export const nodeSpec: LiveDialect = {
  name: 'node-spec',
  begins: false,
  knows: (line) => /^▶ \S/.test(line) || (!line.startsWith(' ') && nodeMark.test(line)),
  open() {
    const open = openSuites();
    let over = false;
    return {
      take(line): readonly LiveEvent[] {
        over ||= /^(?:✖ failing tests:|ℹ tests \d+)/.test(line);
        if (over) return [{ is: 'over' }];
        const head = /^( *)▶ (.+?)(?: \(\d[\d.]*ms\))?$/.exec(line);
        if (head?.[2] !== undefined) {
          const test = { suite: open.at(head[1]), name: head[2] };
          open.enter(head[1], head[2]);
          return [{ is: 'began', test }];
        }
        const told = nodeMark.exec(line);
        if (told?.[3] === undefined) return nothing;
        const outcome = told[4] === undefined ? outcomeOf(told[2]) : 'skipped';
        return [{ is: 'ended', test: { suite: open.at(told[1]), name: told[3] }, outcome }];
      },
    };
  },
};

/** A reason (`# SKIP`, `# why`) stands behind those that are skipped or to do. */
const nodeMark = /^( *)([✔✖﹣]) (.+) \(\d[\d.]*ms\)( # .*)?$/;

/** mocha's spec reporter, and jest's with `--verbose`: headings without a mark, tests below them. */
export const headedTree: LiveDialect = {
  name: 'headed-tree',
  begins: false,
  knows: (line) => jestFile.test(line) || /^ {2,}[✔✓√✖✕×] \S/.test(line),
  open() {
    const open = openSuites();
    // jest tells failures in full behind each file: nothing in there is a test.
    let quoted = false;
    return {
      take(line): readonly LiveEvent[] {
        if (/^(?: *\d+ (?:passing|failing|pending)\b|Test Suites: )/.test(line)) return [{ is: 'over' }];
        if (jestFile.test(line)) open.at('');
        quoted = !jestFile.test(line) && (quoted || /^ *● /.test(line));
        if (quoted) return nothing;
        const told = /^( {2,})([✔✓√✖✕×○✎-]|\d+\)) (.+?)(?: \(\d[\d.]* ?m?s\))?$/.exec(line);
        if (told?.[3] !== undefined)
          return [{ is: 'ended', test: { suite: open.at(told[1]), name: told[3] }, outcome: outcomeOf(told[2]) }];
        const head = /^( {2,})(\S.*)$/.exec(line);
        if (head?.[2] !== undefined) open.enter(head[1], head[2]);
        return nothing;
      },
    };
  },
};

const jestFile = /^(?:PASS|FAIL) .*\S+\.[cm]?[jt]sx?\b/;
const levelsMax = 64;

/** The suites around a line, by indentation. */
function openSuites() {
  const open: { indent: number; name: string }[] = [];
  /** Leaves those that do not stand around it. */
  const at = (indent = ''): string[] => {
    while ((open.at(-1)?.indent ?? -1) >= indent.length) open.pop();
    return open.map(({ name }) => name);
  };
  const enter = (indent = '', name = ''): void => {
    at(indent);
    if (open.length < levelsMax) open.push({ indent: indent.length, name });
  };
  return { at, enter };
}

function outcomeOf(sign = ''): TestOutcome {
  if ('✔✓√'.includes(sign)) return 'passed';
  return '✖✕×✘'.includes(sign) || /^\d/.test(sign) ? 'failed' : 'skipped';
}

/** vitest's verbose reporter: ` ✓ file > suite > name 3ms`. */
export const vitest: LiveDialect = {
  name: 'vitest',
  begins: false,
  knows: (line) => /^ ?RUN {1,2}v\d/.test(line.trimStart()) || /^ [✓×↓] .+\.[cm]?[jt]sx? > ./.test(line),
  open: () => ({
    take(line) {
      if (/^\s*Test Files\s+(?:\d+ |no )/.test(line)) return [{ is: 'over' }];
      const told = /^ +([✓×↓]) (.+\.[cm]?[jt]sx? > .+)$/.exec(line);
      const path = told?.[2]?.replace(/(?: \(retry x\d+\))?(?: \d+m?s)?$/, '').split(' > ');
      const name = path?.pop();
      if (path === undefined || name === undefined) return nothing;
      return [{ is: 'ended', test: { suite: path, name }, outcome: outcomeOf(told?.[1]) }];
    },
  }),
};

/** Playwright's list reporter: `  ✓  1 [chromium] › a.spec.ts:3:1 › suite › name (1.2s)`, or `ok` and `x` where there are no signs. */
export const playwright: LiveDialect = {
  name: 'playwright-list',
  begins: false,
  knows: (line) => /^Running \d+ tests? using \d+ workers?/.test(line) || listed.test(line),
  open: () => ({
    take(line) {
      if (/^ +\d+ (?:passed|failed|flaky|skipped|did not run)\b/.test(line)) return [{ is: 'over' }];
      const told = listed.exec(line);
      if (told?.[2] === undefined) return nothing;
      const path = told[2]
        .replace(/(?: \(retry #\d+\))?(?: \(\d[\d.]*(?:ms|s|m)\))?$/, '')
        .split(' › ')
        .map((part) => part.replace(/^\[(.*)\]$/, '$1').replace(/^(.+\.[cm]?[jt]sx?):\d+:\d+$/, '$1'));
      const name = path.pop() ?? '';
      const sign = told[1] === 'ok' ? '✓' : told[1] === 'x' ? '✘' : told[1];
      return [{ is: 'ended', test: { suite: path, name }, outcome: outcomeOf(sign) }];
    },
  }),
};

const listed = /^ +(✓|✘|ok|x|-) +\d+ (.* › .*)$/;
