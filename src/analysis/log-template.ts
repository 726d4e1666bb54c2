/** Longer lines are cut before they are masked: the start of a line names it, and a log entry may hold 256 KB. */
const charsMax = 2000;

/**
 * The first line of a text with everything that varies from one occurrence to the next masked, such as
 * `user <str> took <num>ms`. Kept as they are: redactions (`JWT=REDACTED` is one token), statuses and exit codes,
 * and quoted names, which tell one fault from another (`No module named 'chat.events'`).
 */
export function templateOf(text: string): string {
  return maskText(firstLine(text)).replace(/\s+/g, ' ').trim();
}

export function firstLine(text: string): string {
  return /\S[^\r\n]*/.exec(text.slice(0, charsMax * 4))?.[0].slice(0, charsMax) ?? '';
}

const month = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)';
const clock = String.raw`\d{2}:\d{2}:\d{2}(?:[.,]\d+)?`;

/** In the order of precedence: where two masks fit at the same place, the first one wins. */
const masks: readonly (readonly [name: string, source: string])[] = [
  ['keep', String.raw`\b[\w.-]+=REDACTED\b|\[redacted:[^\]\s]{1,100}\]|\b(?:status|code|exit)(?:[ =:]|: |\()\d{1,3}\b`],
  ['keepStatus', String.raw`HTTP\/\d(?:\.\d)?"? [1-5]\d\d\b`],
  ['jwt', String.raw`\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?`],
  ['uuid', String.raw`\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`],
  ['time', String.raw`\b\d{4}[-/]\d{2}[-/]\d{2}(?:[T ]${clock}(?: ?Z\b| ?[+-]\d{2}:?\d{2}\b)?)?`],
  [
    'time2',
    String.raw`\b\d{2}\/${month}\/\d{4}:${clock}(?: [+-]\d{4})?|\b${month} +\d{1,2} ${clock}(?: \d{4})?|\b${clock}`,
  ],
  ['email', String.raw`\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+`],
  [
    'ip',
    String.raw`(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\w.])|(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{1,4}(?![\w:])`,
  ],
  ['query', String.raw`(?<=[\w/])\?[\w%.-]+=[^\s"'<>)]*`],
  ['revision', String.raw`\b[a-z][a-z0-9-]{0,48}-\d{5}-[a-z0-9]{3}\b`],
  ['hex', String.raw`\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b`],
  ['id', String.raw`(?<![\w-])(?=[\w-]{0,99}\d[a-z])(?=[\w-]{0,99}[a-z]\d)[\w-]{20,}(?![\w-])`],
  ['str', String.raw`(?<!\w)'[^'\n]{0,200}'(?!\w)|(?<!\w)"[^"\n]{0,200}"(?!\w)`],
  ['num', String.raw`(?<![\w.])[-+]?\d+(?:[.,:]\d+)*(?=\W|$|[a-z]{1,3}\b)|(?<=_)-?\d+|\d{3,}`],
];
const pattern = new RegExp(masks.map(([name, source]) => `(?<${name}>${source})`).join('|'), 'gi');
const names = masks.map(([name]) => name);

function maskText(text: string): string {
  return text.replace(pattern, (match: string, ...groups: unknown[]) => {
    const name = names.find((_name, index) => groups[index] !== undefined) ?? 'keep';
    if (name.startsWith('keep')) return match;
    if (name === 'str') return isName(match.slice(1, -1)) || followsNoun(text, groups[names.length]) ? match : '<str>';
    return name === 'query' ? '?<query>' : `<${name.replace(/\d$/, '')}>`;
  });
}

/** A dotted, slashed, snake or camel case name without digits: what code calls something, not what a user typed. */
function isName(quoted: string): boolean {
  const [isWord, isJoined, isCamel] = [/^[\w$@./:-]{1,100}$/, /[a-z][_./:-]+[a-z]/i, /[a-z][A-Z]/];
  return isWord.test(quoted) && !/\d/.test(quoted) && (isJoined.test(quoted) || isCamel.test(quoted));
}

function followsNoun(text: string, offset: unknown): boolean {
  const before = typeof offset === 'number' ? text.slice(Math.max(0, offset - 24), offset) : '';
  return /\b(?:named|module|package|key|field|property|attribute|column|relation|table|method|parameter|header|reading|\w*Error:?)[ (]$/i.test(
    before,
  );
}
