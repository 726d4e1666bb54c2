import { counted } from '../../core/count-words.ts';
import type { Line } from './transcript-lines.ts';

const quotesMax = 3;
const quoteCharsMax = 120;

const skipped = [
  /--(?:skip|no)-[\w-]*(?:tests?|checks?|verif\w*|validat\w*|health\w*)/i,
  /\bskip(?:ping|ped|s)?\b.{0,60}\b(?:tests?|checks?|verification|validation|probes?)\b/i,
  /\b(?:checks?|tests?|verification|validation|probes?)\b\s*:\s*(?:disabled|skipped|off|false|none)\b/i,
];
const noUrl = /\bno url (?:available|found)\b|\burl(?:\(s\))?\s*:\s*(?:none|n\/a|unknown|null)\s*$/i;
const undecoded = /\bUnicode(?:Decode|Encode)Error\b/;
const traceback = /^\s*Traceback \(most recent call last\)|^\s+at .+\(.+:\d+:\d+\)$|^panic: /;
const checkFailed = /\b(?:tests?|checks?|verification|validation)\b.{0,40}\bfail(?:ed|ure)\b/i;
/** A health check that somebody saw pass: a status, or the word, and no negation before it. */
const healthPassed =
  /\bhealth\w*\b.{0,80}(?:\b(?:passed|ok|succeeded|200)\b|✅)|(?<!\b(?:un|not |never )\s?)\bhealthy\b(?! checks?)/i;
const negated = /\b(?:not|no|never|un|fail\w*|skip\w*|warn\w*)\b/i;

/** Why the words of a transcript are worth less than they look; each once, with the lines that say so. */
export function doubtsIn(lines: readonly Line[], saysSuccess: boolean, successLine: number | null): string[] {
  const after = successLine === null ? [] : lines.filter(({ n }) => n > successLine);
  const doubts = [
    quoted('verification was skipped', matching(lines, skipped)),
    quoted('a service has no URL', matching(lines, [noUrl])),
    quoted("a program's output was never decoded, so that nothing it checked is proven", matching(lines, [undecoded])),
    at(
      'a stack trace after it said success',
      after.find(({ text }) => traceback.test(text)),
    ),
    quoted('a check failed after it said success', matching(after, [checkFailed])),
    at('a stack trace, and it went on', crashBefore(lines, successLine)),
  ];
  const unchecked = saysSuccess && !lines.some(({ text }) => healthPassed.test(text) && !negated.test(text));
  return [...doubts, unchecked ? 'no health check passed in it' : null].filter((doubt) => doubt !== null);
}

/** A stack trace that no error of decoding explains. */
function crashBefore(lines: readonly Line[], successLine: number | null): Line | undefined {
  return lines.find(({ n, text }, index) => {
    if (successLine === null || n >= successLine || !text.startsWith('Traceback (most recent')) return false;
    const raised = lines
      .slice(index + 1, index + 60)
      .find((line) => /^[A-Za-z_][\w.]*(?:Error|Exception)\b/.test(line.text));
    return raised === undefined || !undecoded.test(raised.text);
  });
}

function matching(lines: readonly Line[], patterns: readonly RegExp[]): Line[] {
  return lines.filter(({ text }) => patterns.some((pattern) => pattern.test(text)));
}

function quoted(what: string, found: readonly Line[]): string | null {
  const [first] = found;
  if (first === undefined) return null;
  const shown = [...new Set(found.map(({ text }) => text.trim().slice(0, quoteCharsMax)))];
  const more = shown.length > quotesMax ? ` and ${counted(shown.length - quotesMax, 'line')} more` : '';
  return `${what}: line ${first.n}: "${shown.slice(0, quotesMax).join('", "')}"${more}`;
}

function at(what: string, line: Line | undefined): string | null {
  return line === undefined ? null : `${what}: line ${line.n}`;
}
