import type { Finding } from './finding.ts';
import type { SuiteConfig } from './pipeline.ts';

/** A pattern that cannot be read, or a number that nothing points to. */
export function checkCollect(name: string, { collect }: Pick<SuiteConfig, 'collect'>): Finding[] {
  if (collect === undefined) return [];
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
