export interface TestPoint {
  readonly is: 'point';
  readonly ok: boolean;
  readonly name: string;
  readonly directive: 'skip' | 'todo' | null;
  readonly reason: string;
  readonly durationMs: number | undefined;
  /** `ok 1 - name {`: its subtests follow in braces. */
  readonly opensBlock: boolean;
}

export type TapLine =
  | TestPoint
  | { readonly is: 'version' }
  | { readonly is: 'plan'; readonly tests: number; readonly reason: string }
  | { readonly is: 'bail-out'; readonly reason: string }
  | { readonly is: 'yaml-start' }
  | { readonly is: 'comment'; readonly text: string }
  | { readonly is: 'block-end' }
  | { readonly is: 'other' };

const other: TapLine = { is: 'other' };

/** One line of TAP 12, 13 or 14 without its indentation. */
export function tapLine(text: string): TapLine {
  if (text.startsWith('#')) return { is: 'comment', text: text.slice(1).trimStart() };
  if (text === '---') return { is: 'yaml-start' };
  if (text === '}') return { is: 'block-end' };
  if (text.startsWith('ok') || text.startsWith('not ok')) return testPoint(text) ?? other;
  if (/^TAP version \d+\s*$/i.test(text)) return { is: 'version' };
  const plan = /^1\.\.(\d{1,9})\s*(?:#\s*(.*))?$/.exec(text);
  if (plan?.[1] !== undefined) return { is: 'plan', tests: Number(plan[1]), reason: plan[2] ?? '' };
  const bail = /^Bail out!\s*(.*)$/i.exec(text);
  return bail === null ? other : { is: 'bail-out', reason: bail[1] ?? '' };
}

function testPoint(text: string): TestPoint | null {
  const match = /^(not )?ok(?=$|[\s#-])\s*(\d+(?=$|[\s#-]))?\s*(?:-\s*)?(.*)$/.exec(text);
  if (match === null) return null;
  const { description, directive, reason } = splitDirective(match[3] ?? '');
  const block = /^(.*\S)?\s*\{$/.exec(description);
  const timed = durationIn(block === null ? description : (block[1] ?? ''));
  return { is: 'point', ok: match[1] === undefined, ...timed, directive, reason, opensBlock: block !== null };
}

function splitDirective(text: string): Pick<TestPoint, 'directive' | 'reason'> & { description: string } {
  const match = /^((?:[^\\#]|\\.)*?)#\s*(skip|todo)\S*(?:\s+(.*))?$/i.exec(text);
  const word = match?.[2]?.toLowerCase();
  if (match === null || (word !== 'skip' && word !== 'todo'))
    return { description: text.trim(), directive: null, reason: '' };
  return { description: (match[1] ?? '').trim(), directive: word, reason: (match[3] ?? '').replace(/\s*\{$/, '') };
}

/** `name # time=12.3ms` of tap, `name in 12ms` and `name # in 12 ms` of bats: a name that changes from run to run is no name. */
function durationIn(text: string): { name: string; durationMs: number | undefined } {
  const match = /^(.*?)\s*(?:# ?time=([\d.]+)ms|(?:# ?)?\bin (\d+) ?ms)$/.exec(text);
  const name = unescaped((match?.[1] ?? text).trim());
  const time = match?.[2] ?? match?.[3];
  return { name, durationMs: time === undefined ? undefined : Number(time) };
}

function unescaped(name: string): string {
  return name.includes('\\') ? name.replace(/\\([#\\])/g, '$1') : name;
}
