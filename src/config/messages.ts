/** A mistake in a configuration file, a variable or a flag, with the place where a person mends it. */
export interface ConfigProblem {
  /** The file as people write it (`config/local.yaml`), or the name of the variable or flag. */
  readonly file: string;
  /** From 1; null where the whole file, a variable or a flag is meant. */
  readonly line: number | null;
  /** From 1; null where `line` is. */
  readonly column: number | null;
  /** `services.backend.health[0].path`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
  /** The text of the line; null where `line` is. */
  readonly source: string | null;
}

const problemsShownMax = 20;
const sourceWidthMax = 110;

/**
 * All problems for a terminal, each as `file:line:column path: message`, the line with a caret under the place, and the hint.
 * What was read from a file is shown without its control characters.
 */
export function formatProblems(problems: readonly ConfigProblem[]): string {
  const shown = problems.slice(0, problemsShownMax).map(formatProblem);
  const left = problems.length - shown.length;
  return [...shown, ...(left > 0 ? [`… and ${left} more`] : [])].join('\n');
}

function formatProblem(problem: ConfigProblem): string {
  const place = problem.line === null ? problem.file : `${problem.file}:${problem.line}:${problem.column}`;
  const head = problem.path === '' ? place : `${place} ${problem.path}`;
  const lines = [visible(`${head}: ${problem.message}`), ...sourceLines(problem)];
  if (problem.hint !== undefined) lines.push(`  hint: ${visible(problem.hint)}`);
  return lines.join('\n');
}

function sourceLines({ source, column }: ConfigProblem): string[] {
  if (source === null || column === null) return [];
  const { text, caret } = clip(visible(source), column - 1);
  return [`  ${text}`, `  ${text.slice(0, caret).replaceAll(/[^\t]/g, ' ')}^`];
}

/** A line that is too long is cut around the caret, so that the place stays on the screen. */
function clip(text: string, caret: number): { text: string; caret: number } {
  if (text.length <= sourceWidthMax) return { text, caret };
  const start = Math.max(0, Math.min(caret - Math.floor(sourceWidthMax / 2), text.length - sourceWidthMax));
  const before = start > 0 ? '…' : '';
  const after = start + sourceWidthMax < text.length ? '…' : '';
  return { text: before + text.slice(start, start + sourceWidthMax) + after, caret: caret - start + before.length };
}

function visible(text: string): string {
  return text.replaceAll(/[^\P{C}\t]|[\u2028\u2029]/gu, '\uFFFD');
}
