import type { RedTest, Suspect } from '../core/record.ts';
import type { CommitFacts, DiffLine } from '../ports/repository.ts';
import { kindOfPath } from './path-kind.ts';
import { bestLine, type Find, findNames, type Name, namesToFind } from './suspect-names.ts';

export type CommitWithLines = CommitFacts & { readonly lines: readonly DiffLine[] };

export interface SuspectRequest {
  readonly reds: readonly RedTest[];
  /** Commits between the reference and the candidate, newest first. */
  readonly commits: readonly CommitWithLines[];
  /** Folder of the failing service in the repository; empty when it is the repository itself. */
  readonly servicePath: string;
  /** Names that the logs tell, such as the keys in which two revisions' entries differ. */
  readonly logMentions: readonly string[];
}

const suspectsMax = 5;
const linesCounted = 3;
const points = { inTitle: 0.5, frame: 4, frameFolder: 1, service: 0.5 };
/** What a change outside the product weighs: it seldom breaks a service. */
const outsideWeight = 0.1;

/**
 * Ranks commits by what ties them to the failures: diff lines that name what the messages and logs name (a name that few
 * commits touch weighs more), files in the stacks, words in the title, the failing service's folder. A score orders, and is
 * no probability. At most five, none without a tie; among equals the newest first. A removed line's number is the old side's.
 */
export function rankSuspects(request: SuspectRequest): Suspect[] {
  const names = namesToFind(request.reds, request.logMentions);
  const finds = new Map(request.commits.map((commit) => [commit, findNames(commit.lines, names)]));
  const scored = request.commits.map((commit) => {
    const ties = [
      ...nameTies(finds.get(commit) ?? [], [...finds.values()]),
      ...frameTies(commit, request.reds),
      ...titleTies(commit, names, request.commits),
      ...serviceTies(commit, request.servicePath),
    ];
    return toSuspect(commit, ties, finds.get(commit) ?? []);
  });
  return scored
    .filter(({ suspect }) => suspect.score > 0)
    .sort((a, b) => b.suspect.score - a.suspect.score || Date.parse(b.at) - Date.parse(a.at))
    .slice(0, suspectsMax)
    .map(({ suspect }) => suspect);
}

interface Tie {
  readonly points: number;
  readonly reason: string;
}

function nameTies(finds: readonly Find[], all: readonly (readonly Find[])[]): Tie[] {
  return finds.map((find) => {
    const commits = all.filter((others) => others.some(({ name }) => name === find.name)).length;
    return { points: find.name.points * rarity(commits, all.length) * weightOf(find.lines), reason: reasonOf(find) };
  });
}

function rarity(commits: number, all: number): number {
  return Math.log(1 + all / Math.max(1, commits));
}

function weightOf(lines: readonly DiffLine[]): number {
  const weights = lines.map((line) => (kindOfPath(line.path) === 'product' ? 1 : outsideWeight));
  return Math.min(
    linesCounted,
    weights.reduce((sum, weight) => sum + weight, 0),
  );
}

/** The place is of the file as the commit left it, where the commit left something. */
function reasonOf({ name, lines }: Find): string {
  const removed = lines.filter((line) => line.kind === '-').length;
  const added = lines.length - removed;
  const what = [...(removed ? [`removes ${linesOf(removed)}`] : []), ...(added ? [`adds ${linesOf(added)}`] : [])];
  return `${what.join(' and ')} that ${lines.length === 1 ? 'names' : 'name'} ${name.name} (${placeOf(lines.find((line) => line.kind === '+') ?? lines[0])})`;
}

function linesOf(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`;
}

function placeOf(line: DiffLine | undefined): string {
  return line === undefined ? '' : `${line.path}:${line.line}`;
}

function frameTies(commit: CommitWithLines, reds: readonly RedTest[]): Tie[] {
  const files = [...new Set(reds.flatMap((red) => red.frames.map((frame) => frame.file)))].filter(
    (file) => kindOfPath(file) === 'product' || commit.files.includes(file),
  );
  return files.flatMap((file) => {
    const tests = reds.filter((red) => red.frames.some((frame) => frame.file === file)).length;
    const inTests = `the stack of ${tests} ${tests === 1 ? 'test' : 'tests'}`;
    if (commit.files.includes(file))
      return [{ points: points.frame, reason: `changes ${file}, which is in ${inTests}` }];
    const folder = file.slice(0, file.lastIndexOf('/') + 1);
    const near = folder !== '' && commit.files.some((path) => path.startsWith(folder));
    return near ? [{ points: points.frameFolder, reason: `changes files in ${folder}, as ${file} in ${inTests}` }] : [];
  });
}

function titleTies(commit: CommitWithLines, names: readonly Name[], commits: readonly CommitWithLines[]): Tie[] {
  return names
    .filter(({ pattern }) => pattern.test(commit.title))
    .map(({ name, pattern }) => {
      const titles = commits.filter(({ title }) => pattern.test(title)).length;
      return { points: points.inTitle * rarity(titles, commits.length), reason: `has a title that names ${name}` };
    });
}

function serviceTies(commit: CommitWithLines, servicePath: string): Tie[] {
  const folder = servicePath.replace(/^(?:\.?\/)+|\/+$/g, '');
  if (folder === '' || folder === '.') return [];
  const files = commit.files.filter((file) => file.startsWith(`${folder}/`) && !isOutside(file)).length;
  const what = files === 1 ? '1 file' : `${files} files`;
  return files === 0 ? [] : [{ points: points.service, reason: `changes ${what} of the failing service (${folder}/)` }];
}

function toSuspect(commit: CommitWithLines, ties: readonly Tie[], finds: readonly Find[]) {
  const outside = commit.files.length > 0 && commit.files.every(isOutside);
  const score = ties.reduce((sum, tie) => sum + tie.points, 0) * (outside ? outsideWeight : 1);
  const reasons = [...ties].sort((a, b) => b.points - a.points).map((tie) => tie.reason);
  const best = bestLine(finds);
  const suspect: Suspect = {
    commit: commit.sha,
    title: commit.title,
    path: best?.path ?? null,
    line: best?.line ?? null,
    score: Math.round(score * 100) / 100,
    reasons: outside ? [...reasons, 'changes only tests and documents'] : reasons,
  };
  return { suspect, at: commit.at };
}

function isOutside(path: string): boolean {
  const kind = kindOfPath(path);
  return kind === 'test' || kind === 'document';
}
