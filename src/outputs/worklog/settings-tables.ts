import { codeSpan, inlineText } from '../../core/markdown-text.ts';
import type { Deployment } from '../../core/record.ts';
import { onlySettings } from '../../core/settings-diff.ts';
import type { Cite } from './citations.ts';
import { markdownTable } from './markdown-table.ts';

type Rows = Deployment['settingsDiff'];

const rowsMax = 20;

/** What differs from stable to a candidate, and from the config to what is there: a table each, the rest in the evidence. */
export function settingsTables(list: readonly Deployment[], cite: Cite): string[] {
  return list.flatMap((one) => {
    const what = `${inlineText(one.service)} ${one.role}`;
    return [
      ...table(
        `What differs in ${what}`,
        ['setting', 'stable', one.role],
        tabled(one.settingsDiff),
        cite(one.evidence.slice(-1)),
      ),
      ...table(
        `Drift of ${what} from the config`,
        ['setting', 'config', 'there'],
        one.drift,
        cite(one.evidence.slice(-1)),
      ),
    ];
  });
}

/** Another commit and another digest alone are told above already. */
function tabled(rows: Rows): Rows {
  return onlySettings(rows).length === 0 ? [] : rows;
}

/** Candidates that differ from stable in nothing that a config can change; null where there is none. */
export function sameSettings(list: readonly Deployment[], cite: Cite): string | null {
  const same = list.filter(
    (one) => one.role === 'candidate' && one.rungs.length > 0 && onlySettings(one.settingsDiff).length === 0,
  );
  if (same.length === 0) return null;
  const names = same.map(({ service }) => inlineText(service)).join(', ');
  return `Candidates with the same settings as stable: ${names} ${cite(same.flatMap((one) => one.evidence.slice(-1)))}`;
}

function table(title: string, head: readonly string[], rows: Rows, evidence: string): string[] {
  if (rows.length === 0) return [];
  const shown = rows
    .slice(0, rowsMax)
    .map(({ setting, from, to }) => [inlineText(setting), side(setting, from), side(setting, to)]);
  const more = rows.length - shown.length;
  const rest = more > 0 ? `\n\n…and ${more} more in ${evidence}` : '';
  return [`${title} ${evidence}:\n\n${markdownTable(head, shown)}${rest}`];
}

const commitLength = 12;

function side(setting: string, value: string | null): string {
  if (value === null) return 'none';
  if (value === 'unknown') return value;
  return codeSpan(setting === 'commit' ? value.slice(0, commitLength) : shortDigest(value));
}

/** A digest is told apart by its first figures; all of it is in run.json. */
export function shortDigest(text: string): string {
  return text.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]{52}$/, '$1…');
}
