import type { HealthAnswer, HealthCheck } from '../../ports/health.ts';
import { valueAt } from './json-fields.ts';

const toldCharsMax = 200;
const commitPattern = /^[0-9a-f]{7,64}$/;

/** What the service calls itself, against what is expected to run there; null when nobody asked, or it does not tell. */
export function versionTold(wanted: HealthCheck['version'], json: unknown): HealthAnswer['version'] {
  const told = wanted === null ? undefined : valueAt(json, wanted.path);
  if (wanted === null || wanted.expected.length === 0 || !isWord(told)) return null;
  const text = String(told).slice(0, toldCharsMax);
  const match = wanted.expected.find((one) => isSame(text, one));
  return { told: text, expected: match ?? likeliest(text, wanted.expected), matches: match !== undefined };
}

export function versionProblem(wanted: HealthCheck['version'], version: HealthAnswer['version']): string | null {
  if (wanted === null || wanted.expected.length === 0 || version?.matches) return null;
  if (version === null) return `it does not tell its version at ${wanted.path}, expected ${wanted.expected[0]}`;
  return `it says it runs ${version.told}, expected ${version.expected}`;
}

/** Seconds since it started, by its own word; null when it says none that can be true. */
export function uptimeTold(path: string | null, json: unknown): number | null {
  const told = path === null ? undefined : valueAt(json, path);
  return typeof told === 'number' && Number.isFinite(told) && told >= 0 ? told : null;
}

function isWord(told: unknown): told is string | number {
  return (typeof told === 'string' && told.trim() !== '') || typeof told === 'number';
}

/** Equal, or a commit's first digits: at least 7 of them, as people and tools shorten it. */
function isSame(told: string, expected: string): boolean {
  if (told === expected) return true;
  return commitPattern.test(told) && commitPattern.test(expected) && expected.startsWith(told);
}

/** A commit is best told from a commit, a digest from a digest, anything else from the first that was expected. */
function likeliest(told: string, expected: readonly string[]): string {
  const kind = (text: string) => (commitPattern.test(text) ? 'commit' : text.startsWith('sha256:') ? 'digest' : 'name');
  return expected.find((one) => kind(one) === kind(told)) ?? expected[0] ?? '';
}
