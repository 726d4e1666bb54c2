import type { MarkerName } from './console-markers.ts';
import { broken, type EvidenceRule, holds, notAsked } from './rule.ts';

const meaning: Readonly<Record<MarkerName, string>> = {
  'never-awaited': 'code that was never awaited',
  mock: 'a mock instead of the service',
  bypass: 'a way around the login',
};

/** Runners and tests say it themselves, in words that honest output does not have. */
function marker(name: MarkerName): EvidenceRule {
  return {
    name,
    set: name,
    check: ({ signs }) => {
      if (signs === undefined) return notAsked('nobody read the console');
      const found = signs.markers.filter((one) => one.marker === name);
      const [first] = found;
      if (first === undefined) return holds('0 lines');
      const lines = found.reduce((sum, one) => sum + one.times, 0);
      const where = `"${first.text}" in ${first.where}${lines > 1 ? `, ${lines} lines in all` : ''}`;
      return broken(`${meaning[name]} (rule ${name}): ${where}`, `${lines} lines`);
    },
  };
}

export const neverAwaited = marker('never-awaited');
export const mock = marker('mock');
export const bypass = marker('bypass');
