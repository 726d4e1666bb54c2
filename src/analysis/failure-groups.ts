import type { RedTest } from '../core/record.ts';
import type { ControlMeaning, Priority } from '../core/words.ts';
import { type FailureNames, failureLine, failureNames, failureSkeleton } from './failure-words.ts';
import { fingerprintOf } from './fingerprint.ts';
import { kindOfPath } from './path-kind.ts';

export interface RedInSuite {
  readonly suite: string;
  readonly service: string;
  readonly priority: Priority;
  /** What the control said about this test; tests whose controls differ never share a cause. */
  readonly means: ControlMeaning;
  readonly test: RedTest;
}

/** Red tests that fail for one reason. */
export interface FailureGroup {
  readonly fingerprint: string;
  /** One for each way the group fails: an open issue or pull request of any of them is this cause's. */
  readonly aliases: readonly string[];
  readonly means: ControlMeaning;
  /** The suite of the highest priority, and what its smallest message says. */
  readonly suite: string;
  readonly service: string;
  readonly priority: Priority;
  readonly says: string;
  readonly services: readonly string[];
  /** By priority, suite and id. */
  readonly reds: readonly RedInSuite[];
  /** What is missing, by the messages: sorted names. */
  readonly missing: readonly string[];
  /** Why its tests were put together; empty for a single test. */
  readonly joinedBecause: readonly string[];
}

/**
 * Groups red tests into causes: tests that share a reason are joined, and so are theirs. A reason is one of
 * - the same masked message about the same service;
 * - a missing name, such as a field, that both messages give (in any suite);
 * - missing names of whatever kind within one suite, since a change of a shape takes several fields along;
 * - the same first product file in the stack; test files say nothing, all of a suite's tests lie in one;
 * - the same endpoint answering 5xx, or the same connection error of one service.
 * Tests with different control results are never joined.
 *
 * The fingerprint is made of the service and the smallest masked message of the leading suite, not of the tests' names:
 * another test that fails for this reason, or a test that is renamed, leaves it alone. A message that sorts before it
 * would change it; therefore `aliases` holds one fingerprint for every message.
 */
export function groupFailures(reds: readonly RedInSuite[]): FailureGroup[] {
  const ordered = [...reds].sort(byPriority);
  const missingAnywhere = new Set(ordered.flatMap(({ test }) => failureNames(test.message).missing));
  const groups: JoinedReds[] = [];
  for (const red of ordered) join(groups, red, reasonsOf(red, missingAnywhere));
  return groups.map(toGroup).sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

interface JoinedReds {
  readonly reds: RedInSuite[];
  readonly reasons: Set<string>;
  readonly shared: Set<string>;
}

/** Adds the test to the groups that share a reason with it; they become one. */
function join(groups: JoinedReds[], red: RedInSuite, reasons: readonly string[]): void {
  const touching = groups.filter((group) => reasons.some((reason) => group.reasons.has(reason)));
  const shared = reasons.filter((reason) => touching.some((group) => group.reasons.has(reason)));
  const joined: JoinedReds = {
    reds: [...touching.flatMap((group) => group.reds), red],
    reasons: new Set([...touching.flatMap((group) => [...group.reasons]), ...reasons]),
    shared: new Set([...touching.flatMap((group) => [...group.shared]), ...shared]),
  };
  for (const group of touching) groups.splice(groups.indexOf(group), 1);
  groups.push(joined);
}

/** Each is `scope: readable reason`; equal texts join. */
function reasonsOf(red: RedInSuite, missingAnywhere: ReadonlySet<string>): string[] {
  const { service, suite, means, test } = red;
  const names = failureNames(test.message);
  const line = failureLine(test.message);
  const file = test.frames.find((frame) => kindOfPath(frame.file) === 'product')?.file;
  const endpoint = /\b(GET|POST|PUT|PATCH|DELETE|HEAD) (\/[^\s"'?]*).{0,60}?\b(5\d\d)\b/.exec(line);
  const connection = /\b(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|socket hang up)\b/.exec(test.message);
  return [
    `${means} ${service}: say "${failureSkeleton(test.message)}"`,
    ...missingIn(names, missingAnywhere).map((name) => `${means}: miss ${name}`),
    ...(names.missing.length > 0 ? [`${means} ${service} ${suite}: miss something in ${suite}`] : []),
    ...(file === undefined ? [] : [`${means} ${service}: fail in ${file}`]),
    ...(endpoint ? [`${means}: get ${endpoint[3]} from ${endpoint[1]} ${endpoint[2]}`] : []),
    ...(connection ? [`${means} ${service}: do not reach ${service} (${connection[0]})`] : []),
  ];
}

/** A structured name counts as missing where another test's message says that it is. */
function missingIn({ missing, names }: FailureNames, missingAnywhere: ReadonlySet<string>): string[] {
  return [...new Set([...missing, ...names.filter((name) => missingAnywhere.has(name))])];
}

function toGroup({ reds, shared }: JoinedReds): FailureGroup {
  const ordered = [...reds].sort(byPriority);
  const [lead] = ordered;
  if (lead === undefined) throw new Error('a group without a test');
  const messages = ordered.filter((red) => red.suite === lead.suite).sort(bySkeleton);
  const says = messages[0] ?? lead;
  const aliases = ordered.map(({ service, test }) => fingerprintOf([service, failureSkeleton(test.message)]));
  return {
    fingerprint: fingerprintOf([says.service, failureSkeleton(says.test.message)]),
    aliases: [...new Set(aliases)].sort(),
    means: lead.means,
    suite: lead.suite,
    service: lead.service,
    priority: lead.priority,
    says: failureLine(says.test.message),
    services: [...new Set(ordered.map(({ service }) => service))].sort(),
    reds: ordered,
    missing: [...new Set(ordered.flatMap(({ test }) => failureNames(test.message).missing))].sort(),
    joinedBecause: [...shared].map((reason) => reason.slice(reason.indexOf(': ') + 2)).sort(),
  };
}

function bySkeleton(a: RedInSuite, b: RedInSuite): number {
  const [left, right] = [failureSkeleton(a.test.message), failureSkeleton(b.test.message)];
  return left === right ? byPriority(a, b) : left < right ? -1 : 1;
}

function byPriority(a: RedInSuite, b: RedInSuite): number {
  const [left, right] = [a, b].map((red) => [red.priority, red.suite, red.test.id].join('\u0000'));
  return left === right ? 0 : (left ?? '') < (right ?? '') ? -1 : 1;
}

function sortKey({ priority, suite, fingerprint }: FailureGroup): string {
  return [priority, suite, fingerprint].join('\u0000');
}
