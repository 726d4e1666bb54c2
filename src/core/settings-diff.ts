import { sha256 } from './canonical-json.ts';
import type { Deployment } from './record.ts';

type SettingDifference = Deployment['settingsDiff'][number];

/** Settings by name as text; values of variables are hashes, secrets are references. */
export type SettingMap = Readonly<Record<string, string>>;

interface Comparable {
  readonly settings: SettingMap;
  readonly image: string;
  readonly digest: string | null;
  readonly commit: string | null;
}

/** Rows of `settingsDiff` that tell of other code, not of another setting. */
const ofCode: readonly string[] = ['image digest', 'image', 'commit'];

/** What differs from one revision to another, by name: first what was built, then every setting. */
export function differencesBetween(from: Comparable, to: Comparable): SettingDifference[] {
  const digestsKnown = from.digest !== null && to.digest !== null;
  // Where a digest is unknown, equal code cannot be claimed: the references are compared instead.
  const built = digestsKnown
    ? difference('image digest', from.digest, to.digest)
    : difference('image', from.image, to.image);
  const commit = difference('commit', from.commit ?? 'unknown', to.commit ?? 'unknown');
  return [...built, ...commit, ...settingsThatDiffer(from.settings, to.settings)];
}

/**
 * What the config names and the revision has otherwise, from what is wanted to what is there; and what loop `given` it, while the config
 * names it no more. Whatever else the revision has is no drift. Empty text wants none.
 */
export function driftFrom(wanted: SettingMap, there: SettingMap, given: readonly string[]): SettingDifference[] {
  return [...new Set([...Object.keys(wanted), ...given])]
    .sort()
    .flatMap((name) => difference(name, wanted[name] || null, there[name] ?? null));
}

/** The rows of a difference that are settings: what a config can change without another commit. */
export function onlySettings<Row extends Pick<SettingDifference, 'setting'>>(rows: readonly Row[]): Row[] {
  return rows.filter(({ setting }) => !ofCode.includes(setting));
}

/** Whether two revisions are proven to hold the same code: what is unknown of one of them proves nothing. */
export function sameCode(
  left: Pick<Comparable, 'digest' | 'commit'>,
  right: Pick<Comparable, 'digest' | 'commit'>,
): boolean {
  const same = (one: string | null, other: string | null) => one !== null && one === other;
  return same(left.digest, right.digest) || same(left.commit, right.commit);
}

/** A variable's value as it may be shown and compared: it cannot be read back. */
export function valueHash(value: string): string {
  return `sha256:${sha256(value).slice(0, hashLength)}`;
}

const hashLength = 12;
const commandCharsMax = 200;

/** A command line as it may be shown and compared; a script in it is cut, and its hash says whether the rest differs. Empty for none. */
export function commandText(words: readonly string[]): string {
  const text = words.join(' ');
  return text.length <= commandCharsMax ? text : `${text.slice(0, commandCharsMax)}… (${valueHash(text)})`;
}

function settingsThatDiffer(from: SettingMap, to: SettingMap): SettingDifference[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return names.flatMap((name) => difference(name, from[name] ?? null, to[name] ?? null));
}

function difference(setting: string, from: string | null, to: string | null): SettingDifference[] {
  return same(setting, from, to) ? [] : [{ setting, from, to }];
}

function same(setting: string, from: string | null, to: string | null): boolean {
  if (from === to) return true;
  if (from === null || to === null) return false;
  if (setting === 'cpu' || setting === 'memory') return amount(from) === amount(to);
  if (setting === 'vpc connector') return sameResource(from, to);
  return false;
}

const factors: Readonly<Record<string, number>> = { '': 1, m: 0.001, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3 };

/** `1000m` is `1`, `1Gi` is `1024Mi`; what is no quantity stays text. */
function amount(quantity: string): number | string {
  const parts = /^(\d+(?:\.\d+)?)(m|Ki|Mi|Gi)?$/.exec(quantity);
  return parts === null ? quantity : Number(parts[1]) * (factors[parts[2] ?? ''] ?? 1);
}

/** A config may give the short name of what the platform names in full. */
function sameResource(from: string, to: string): boolean {
  return from.endsWith(`/${to}`) || to.endsWith(`/${from}`);
}
