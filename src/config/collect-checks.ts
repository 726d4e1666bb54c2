import type { Finding } from './finding.ts';
import { itemPlace, type SuiteConfig, selectWord } from './pipeline.ts';

type CollectRule = NonNullable<SuiteConfig['collect']>;

/** A pattern that cannot be read, a number that nothing points to, or a place that nothing fills. */
export function checkCollect(name: string, { collect }: Pick<SuiteConfig, 'collect'>): Finding[] {
  if (collect === undefined) return [];
  return [...checkMatch(name, collect), ...checkPlaces(name, collect)];
}

/** A suite that is narrowed is not collected, and a split one is collected as a whole. */
function checkPlaces(name: string, { run }: CollectRule): Finding[] {
  return run.flatMap((word, index) => {
    const place = [selectWord, itemPlace].find((one) => word.includes(one));
    if (place === undefined) return [];
    const message = `a collection counts all tests: nothing takes the place of ${place}`;
    return [{ path: ['suites', name, 'collect', 'run', index], at: 'value', message, hint: 'take the word out' }];
  });
}

function checkMatch(name: string, collect: CollectRule): Finding[] {
  const path = ['suites', name, 'collect', 'match'];
  const example = '(\\d+) tests collected';
  if (collect.match === undefined) {
    if (collect.count === 'lines') return [];
    const message = 'a count by number needs `match`';
    return [{ path: ['suites', name, 'collect', 'count'], at: 'value', message, hint: `match: '${example}'` }];
  }
  const groups = groupsOf(collect.match);
  if (groups === null) {
    const message = 'expected a regular expression';
    return [{ path, at: 'value', message, hint: "in single quotes, as in '^(.+::.+)$'" }];
  }
  if (collect.count === 'number' && groups === 0) {
    return [{ path, at: 'value', message: 'no group holds the number', hint: `put it in parentheses: '${example}'` }];
  }
  return [];
}

/** How many groups a pattern has; null where it is none. */
function groupsOf(pattern: string): number | null {
  try {
    return (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1;
  } catch {
    return null;
  }
}
