const focusSlugCharsMax = 40;
const letters = 'abcdefghijklmnopqrstuvwxyz';

export interface RunNames {
  /** `<yyyymmdd>t<hhmmss>z-<4 letters>`, fit for a label. */
  readonly id: string;
  /** The run's folder below `worklogs/`. */
  readonly folder: string;
}

/** Names a new run; `random` gives numbers from 0 inclusive to 1 exclusive. */
export function runNames(focus: readonly string[], now: Date, random: () => number): RunNames {
  const [date = '', time = ''] = now.toISOString().slice(0, 19).split('T');
  const suffix = Array.from({ length: 4 }, () => letters[Math.floor(random() * letters.length)] ?? 'a').join('');
  const clock = time.replaceAll(':', '');
  return {
    id: `${date.replaceAll('-', '')}t${clock}z-${suffix}`,
    folder: `E2E-DEPLOY-REMEDIATE-WORKLOG-${focusSlug(focus)}-${date}-${clock}Z-${suffix}`,
  };
}

/** `websockets-frontend`: what a person typed, as part of a folder's name. */
function focusSlug(focus: readonly string[]): string {
  const words = focus
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return words.replace(/^-+/, '').slice(0, focusSlugCharsMax).replace(/-+$/, '') || 'all';
}
