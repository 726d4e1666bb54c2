import type { TestOutcome } from '../../core/test-report.ts';
import type { DraftTest } from '../case-book.ts';
import { type Diagnostic, readDiagnostic } from './tap-diagnostic.ts';
import type { TestPoint } from './tap-line.ts';

/** The tests on one level of indentation, with the one that still waits for what follows it. */
export interface TapLevel {
  /** Finished tests and those of subtests, whose path grows at the front as their parents close. */
  readonly drafts: DraftTest[];
  points: number;
  plan: number | null;
  planReason: string;
  /** Points came after the plan, so it did not stand at the end. */
  planFirst: boolean;
  held: HeldPoint | null;
  /** The latest `# Subtest: name` without its result. */
  announced: string | null;
}

interface HeldPoint {
  readonly point: TestPoint;
  children: readonly DraftTest[];
  readonly yaml: string[];
  readonly comments: string[];
}

export function makeLevel(): TapLevel {
  return { drafts: [], points: 0, plan: null, planReason: '', planFirst: false, held: null, announced: null };
}

export function holdPoint(level: TapLevel, point: TestPoint, children: readonly DraftTest[]): void {
  level.held = { point, children, yaml: [], comments: [] };
  level.points += 1;
  level.announced = null;
}

/** How many of a level's tests only summed up subtests, and how many of those had a red one: node counts them as tests. */
export interface Parents {
  all: number;
  red: number;
}

/** Turns the held point into tests: itself, or its subtests where it has some. */
export function releasePoint(level: TapLevel, parents: Parents): void {
  const { held } = level;
  level.held = null;
  if (held === null) return;
  const own = draftOf(held.point, readDiagnostic(held.yaml), held.comments);
  const { type } = readDiagnostic(held.yaml);
  if (held.children.length === 0 && !(type === 'suite' && own.outcome === 'passed')) level.drafts.push(own);
  if (held.children.length === 0) return;
  const children = held.children.map((child) => inside(child, held.point));
  const red = children.some(isRed);
  parents.all += 1;
  if (red) parents.red += 1;
  level.drafts.push(...children);
  // Its subtests explain its failure, or it has one of its own.
  if (!red && isRed(own)) level.drafts.push(own);
}

/** What a test marked `todo` or `skip` does inside does not count. */
function inside(child: DraftTest, parent: TestPoint): DraftTest {
  const suite = [parent.name, ...child.suite];
  if (parent.directive === null || !isRed(child)) return { ...child, suite };
  return { ...child, suite, outcome: 'skipped', message: `${parent.directive}: ${child.message ?? parent.reason}` };
}

function draftOf(point: TestPoint, told: Diagnostic, comments: readonly string[]): DraftTest {
  const outcome = outcomeOf(point);
  const said = comments.join('\n');
  const red = outcome === 'failed';
  return {
    suite: [],
    name: point.name,
    outcome,
    durationMs: told.durationMs ?? point.durationMs,
    file: told.file,
    line: told.line,
    message:
      outcome === 'skipped' ? point.reason : red ? (told.message ?? (said === '' ? undefined : said)) : undefined,
    failureType: red ? told.failureType : undefined,
    stack: told.stack ?? (said === '' ? undefined : said),
  };
}

function outcomeOf(point: TestPoint): TestOutcome {
  if (point.directive !== null) return 'skipped';
  return point.ok ? 'passed' : 'failed';
}

export function isRed({ outcome }: DraftTest): boolean {
  return outcome === 'failed' || outcome === 'errored';
}
