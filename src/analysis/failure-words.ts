import { firstLine, templateOf } from './log-template.ts';

/** The names that a failure's message uses: code is searched for them, and failures are joined by them. */
export interface FailureNames {
  /** What the message says is missing: `tool_executing has no tool_name`. */
  readonly missing: readonly string[];
  /** snake_case and camelCase words, those of assertion libraries left out. */
  readonly names: readonly string[];
  /** Members of a list such as `keys: payload, type`. */
  readonly listed: readonly string[];
}

const charsMax = 2000;
const statuses = /\b(?:20[0-6]|30[1-8]|4(?:0[0-9]|1[0-9]|2[2-9])|50[0-4])\b/g;

/** What the failure says, in one line without its stack: `Expected values to be strictly equal:` takes the next line in. */
export function failureLine(message: string): string {
  const lines = message
    .slice(0, charsMax)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const [first = '', second = ''] = lines;
  return firstLine(first.trim().endsWith(':') && !/^\s*at /.test(second) ? `${first.trim()} ${second.trim()}` : first);
}

/** The line with what varies masked. HTTP statuses stay: 401 and 503 are two faults. */
export function failureSkeleton(message: string): string {
  const line = failureLine(message);
  const template = templateOf(line);
  if (!/status|code|http|!==|expect|got|respon/i.test(line)) return template;
  const named = [...line.matchAll(statuses)].map(([status]) => status).filter((status) => !template.includes(status));
  return named.length === 0 ? template : `${template} [${named.join(' ')}]`;
}

export function failureNames(message: string): FailureNames {
  const text = withoutStack(message);
  const missing = unique(missingPatterns.flatMap((pattern) => firstGroups(text, pattern))).filter(isTelling);
  const names = unique(text.match(structured) ?? []).filter(isTelling);
  const listed = firstGroups(
    text,
    /\b(?:keys|fields|properties|columns)\s*(?::\s*[[({]?|[[({])\s*([\w$'", -]{1,200})/gi,
  );
  return {
    missing,
    names,
    listed: unique(listed.flatMap((list) => list.match(/[a-z_$][\w$]+/gi) ?? [])).filter(isTelling),
  };
}

const word = String.raw`['"\x60]?([a-z_$][\w$]{1,60})['"\x60]?`;
const missingPatterns = [
  String.raw`\bno (?:field |key |property |attribute )?${word}`,
  String.raw`\b(?:missing|lacks?|without)(?: the)?(?: required)?(?: field| key| property| attribute)?s?:? ${word}`,
  String.raw`\breading ${word}`,
  String.raw`\bKeyError: ${word}`,
  `${word} (?:is|was|are|were) (?:missing|undefined|not defined|absent|null|required)`,
  String.raw`\bto have (?:a )?(?:property|key|field) ${word}`,
].map((source) => new RegExp(source, 'gi'));

const structured = /\b[a-zA-Z][a-zA-Z0-9]*(?:_[a-zA-Z0-9]+)+\b|\b[a-z][a-z0-9]*(?:[A-Z][a-z0-9]+)+\b/g;
const notTelling =
  /^(?:ERR_\w+|E[A-Z]{4,}|\w*(?:[sS]trictEqual|[dD]eepEqual|toBe\w*|toEqual\w*|toHave\w*|toContain\w*)|node_modules|such|longer|more|error|errors|message|one|value|response|match|matching|data|field|fields|key|keys|property|the|and|any|a|an|it|this|that|of|in|at|to)$/i;

function isTelling(name: string): boolean {
  return name.length >= 3 && !notTelling.test(name);
}

function withoutStack(message: string): string {
  return message.slice(0, charsMax).replace(/\n\s+at [\s\S]*/, '');
}

function firstGroups(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
}
