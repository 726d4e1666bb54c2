import { counted } from '../core/count-words.ts';
import type { RunRecord } from '../core/record.ts';
import type { RevisionFacts, ServiceFacts } from '../ports/deployer.ts';
import { plain, proven } from '../ports/journal.ts';
import type { StageRun } from '../ports/stage.ts';
import { readServices } from './deploy-revision.ts';
import { type CommandTime, type ForeignCall, foreignCalls } from './foreign-calls.ts';
import { type Ground, groundOf } from './foreign-ground.ts';
import type { StageParts } from './parts.ts';
import { isSameSplit, splitOf, splitWords } from './traffic-split.ts';
import { problemOf } from './trouble.ts';

type Parts = Pick<StageParts, 'environment' | 'selection' | 'deployer' | 'logs'>;
type Foreign = RunRecord['foreignChanges'][number];

export interface ForeignLook {
  /** Whether results of this run are void now: someone else changed a service that a selected suite needs. */
  readonly voids: boolean;
  /** The first of the new changes that void, in a sentence; empty where none does. */
  readonly said: string;
  readonly patch: Pick<RunRecord, 'foreignChanges' | 'problems'>;
}

/** The code of the problem that says that changes are looked for on the platform alone. */
const auditUnreadable = 'audit-unreadable';
const auditEntriesMax = 1_000;
/** Lists of revisions that are asked for at once. */
const listsAtOnceMax = 8;

/**
 * Law 11: what someone else did to the services of the environment since this run read their revisions, on the platform and in the
 * audit log. What is seen of one service in one look is one change, told once. A revision that this run made, or traffic that it
 * moved, is its own. A platform that cannot be read here is left to the next read that needs it.
 */
export async function foreignChanges(parts: Parts, run: StageRun): Promise<ForeignLook> {
  const grounds = await groundOf(parts, run);
  const names = grounds.map(({ service }) => service);
  const seen = await run.journal.step(`${run.key}/others`, { names }, () => look(grounds, parts, run));
  const problems = withUnreadable(seen.unreadable, run);
  const told = new Set(run.record.foreignChanges.map((one) => `${one.service} ${one.what}`));
  const found = seen.rows.filter((one) => !told.has(`${one.service} ${one.what}`));
  for (const one of found) if (!one.voids) run.note(sentenceOf(one));
  const first = found.find((one) => one.voids);
  const said = first ? sentenceOf(first) : '';
  return {
    voids: first !== undefined,
    said,
    patch: { problems, foreignChanges: [...run.record.foreignChanges, ...found] },
  };
}

/** `hello was changed by ada@example.com: …`. */
function sentenceOf({ service, by, what }: Foreign): string {
  return `${service} was changed by ${by ?? 'someone else'}: ${what}`;
}

function withUnreadable(because: string | null, run: StageRun): RunRecord['problems'] {
  const { problems } = run.record;
  if (because === null || problems.some(({ code }) => code === auditUnreadable)) return problems;
  const message = `changes by others are looked for on the platform alone, since the audit log cannot be read: ${because}`;
  const failure = { code: 'unavailable' as const, message, hint: 'grant roles/logging.viewer' };
  return [...problems, { ...problemOf(run.task.stage, failure, false), code: auditUnreadable }];
}

interface Seen {
  readonly rows: Foreign[];
  /** Why the audit log could not be read; null when it could. */
  readonly unreadable: string | null;
}

async function look(grounds: readonly Ground[], parts: Parts, run: StageRun) {
  const services = await readServices(parts, run.signal);
  if (!services.ok) return plain<Seen>({ rows: [], unreadable: null });
  // One instant for one look: what is found together is one change of the world.
  const at = run.now().toISOString();
  const audit = await callsOfOthers(grounds, at, parts, run);
  const revisions = await newRevisions(grounds, services.value, parts, run);
  const facts = grounds.map((ground) => {
    const service = services.value.get(ground.platform) ?? null;
    const calls = audit.calls.filter((one) => one.service === ground.platform && Date.parse(one.at) > ground.since);
    return { ground, service, calls, revisions: revisions.get(ground.service) ?? [] };
  });
  const changed = facts.flatMap((one) => changeOf(one) ?? []);
  const artifact = await run.artifacts.put({
    kind: 'changes-by-others',
    source: 'Cloud Run: services and revisions as they are; Cloud Logging: audit entries since they were read',
    at,
    content: JSON.stringify(
      { filter: audit.filter, unreadable: audit.unreadable, services: facts.map(stored) },
      null,
      2,
    ),
    excerpt:
      changed.map((one) => sentenceOf({ ...one, at, evidence: [] })).join('; ') || `nothing was changed by others`,
  });
  const { unreadable } = audit;
  return proven<Seen>(artifact, (id) => ({ unreadable, rows: changed.map((one) => ({ ...one, at, evidence: [id] })) }));
}

interface ServiceLook {
  readonly ground: Ground;
  readonly service: ServiceFacts | null;
  readonly calls: readonly ForeignCall[];
  readonly revisions: readonly RevisionFacts[];
}

/** What was expected and what is there, for whoever doubts the sentence. */
function stored({ ground, service, calls, revisions }: ServiceLook) {
  const expected = ground.expected === null ? null : splitWords(ground.expected);
  const there = service === null ? null : splitWords(splitOf(service.traffic));
  const read = new Date(ground.since).toISOString();
  const { updatedAt = null, lastModifier = null } = service ?? {};
  return { ...ground, since: read, expected, there, updatedAt, lastModifier, calls, foreignRevisions: revisions };
}

function changeOf(look: ServiceLook): Omit<Foreign, 'at' | 'evidence'> | null {
  const { ground, service, calls, revisions } = look;
  const standing = [
    ...trafficChange(ground, service),
    ...revisions.map(({ name }) => `revision ${name} appeared`),
    ...updated(look),
  ];
  const said = calls.map((call) => `${call.method} at ${secondOf(call.at)}`);
  if (standing.length === 0 && said.length === 0) return null;
  const words = [
    standing.join('; ') || (ground.needed ? 'its traffic and its revisions are as they were' : 'it was updated'),
    said.join(', '),
  ];
  const what = words.filter(Boolean).join(', after ');
  const needed = ground.needed ? '' : ': not needed by the selected suites, so nothing is void';
  return { service: ground.service, by: whoDid(look), voids: ground.needed, what: `${what}${needed}` };
}

/** Of a service that this run neither needs nor touches, any update is someone else's. */
function updated({ ground, service, calls }: ServiceLook): string[] {
  if (ground.needed || service === null || calls.length > 0) return [];
  return Date.parse(service.updatedAt) > ground.since ? [`it was updated at ${secondOf(service.updatedAt)}`] : [];
}

/** As the worklog shows every other time. */
function secondOf(at: string): string {
  return `${at.slice(0, 19).replace('T', ' ')}Z`;
}

/** The audit log knows best, then whoever made the revision; the last one who changed a service that we touch may be us. */
function whoDid({ ground, service, calls, revisions }: ServiceLook): string | null {
  const callers = calls.flatMap(({ by }) => by ?? []);
  const makers = revisions.flatMap(({ creator }) => creator ?? []);
  const modifier = ground.needed ? [] : [service?.lastModifier ?? []].flat();
  const named = [callers, makers, modifier].find((names) => names.length > 0) ?? [];
  return [...new Set(named)].join(', ') || null;
}

function trafficChange({ expected }: Ground, service: ServiceFacts | null): string[] {
  if (expected === null) return [];
  if (service === null) return ['it is gone from the platform'];
  const is = splitOf(service.traffic);
  return isSameSplit(expected, is) ? [] : [`its traffic changed from ${splitWords(expected)} to ${splitWords(is)}`];
}

async function callsOfOthers(grounds: readonly Ground[], to: string, parts: Parts, run: StageRun) {
  const from = new Date(Math.min(Date.parse(to), ...grounds.map(({ since }) => since))).toISOString();
  const services = grounds.map(({ platform }) => platform);
  const query = { services, from, to, only: 'audit' as const, entriesMax: auditEntriesMax };
  const answer = await parts.logs.read(query, run.signal);
  if (!answer.ok) return { calls: [], filter: null, unreadable: answer.failure.message };
  const { entries, filter, truncated } = answer.value;
  const unreadable = truncated ? `there are more than ${counted(auditEntriesMax, 'entry', 'entries')}` : null;
  const commands = grounds.flatMap(({ command }): CommandTime[] => (command === null ? [] : [command]));
  return { calls: foreignCalls(entries, run.record.run.id, commands), filter, unreadable };
}

/** Revisions that this run did not make, by the service's name in the config; a service that is not needed is told by its calls. */
async function newRevisions(
  grounds: readonly Ground[],
  services: ReadonlyMap<string, ServiceFacts>,
  parts: Parts,
  run: StageRun,
): Promise<ReadonlyMap<string, readonly RevisionFacts[]>> {
  const asked = grounds.filter(({ needed, platform }) => needed && services.has(platform));
  const found = new Map<string, readonly RevisionFacts[]>();
  for (let from = 0; from < asked.length; from += listsAtOnceMax) {
    const some = asked.slice(from, from + listsAtOnceMax);
    const lists = await Promise.all(some.map(({ platform }) => parts.deployer.revisions(platform, run.signal)));
    some.forEach((ground, index) => {
      const list = lists[index];
      found.set(ground.service, list?.ok ? list.value.filter((one) => isForeign(one, ground, run)) : []);
    });
  }
  return found;
}

/** A revision that a command of ours made may carry the key alone. */
function isForeign(
  { name, createdAt, madeBy, stepKey }: RevisionFacts,
  { since, known }: Ground,
  run: StageRun,
): boolean {
  const ours = madeBy === null ? stepKey !== null : madeBy === run.record.run.id;
  return Date.parse(createdAt) > since && !ours && !known.includes(name);
}
