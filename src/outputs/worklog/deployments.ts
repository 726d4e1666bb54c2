import { bootWords, lastEntriesBlock } from '../../core/boot-words.ts';
import { codeSpan, inlineText } from '../../core/markdown-text.ts';
import type { Deployment, RunRecord, TrafficMove } from '../../core/record.ts';
import { ageWords, utcTime } from '../facts/instant.ts';
import { ladderWords } from '../facts/ladder-words.ts';
import { shareWords } from '../facts/serving-now.ts';
import type { Cite } from './citations.ts';
import { markdownTable } from './markdown-table.ts';
import { prose } from './prose.ts';
import { blocks, bullets, cited, nothing } from './section.ts';
import { sameSettings, settingsTables, shortDigest } from './settings-tables.ts';

export function deployments(record: RunRecord, cite: Cite): string {
  if (record.deployments.length === 0) return nothing(record, 'checkingRevisions', 'No revision could be read.');
  return blocks(
    table(record, cite),
    bullets(...decisions(record.deployments), ...record.deployments.flatMap((one) => details(one, cite))),
    ...record.deployments.map((one) => lastEntries(one, cite)),
    images(record.deployments),
    sameSettings(withStable(record.deployments), cite),
    ...settingsTables(record.deployments, cite),
    moves(record, cite),
  );
}

function table(record: RunRecord, cite: Cite): string {
  const head = ['service', 'role', 'revision', 'commit', 'age', 'rung', 'traffic', 'evidence'];
  const rows = record.deployments.map((one) => [
    inlineText(one.service),
    one.role,
    one.revision === null ? 'none' : codeSpan(one.revision),
    commitCell(one),
    one.ageSeconds === null ? 'unknown' : ageWords(one.ageSeconds),
    one.rung ?? 'none',
    shareCell(one, record),
    cite(one.evidence),
  ]);
  return markdownTable(head, rows);
}

function commitCell({ commit, commitFrom }: Deployment): string {
  if (commit === null) return 'unknown';
  return `${codeSpan(commit.slice(0, 12))}${commitFrom === null ? '' : ` (${inlineText(commitFrom)})`}`;
}

/** What was read for it, and what became of that when this run moved the traffic. */
function shareCell(one: Deployment, { trafficMoves }: RunRecord): string {
  const moved = trafficMoves.filter((move) => move.service === one.service && !isInPlace(move));
  const last = moved.findLast((move) => move.verified);
  if (last === undefined || one.revision === null) return ownShare(one);
  if (last.to === one.revision) return 'all since the move below';
  return moved.some((move) => move.from === one.revision) ? `${ownShare(one)} until the move below` : ownShare(one);
}

/** What this revision itself gets; the whole allocation is in the evidence. */
function ownShare({ traffic, revision }: Deployment): string {
  if (traffic.length === 0) return 'not read';
  const own = traffic.filter((share) => share.revision === revision);
  const unresolved = traffic.filter((share) => share.revision === null);
  if (own.length === 0) return inlineText(unresolved.map(shareWords).join(', ') || 'none');
  return own.map(({ percent, tag }) => `${percent} %${tag === null ? '' : ` as ${codeSpan(tag)}`}`).join(', ');
}

/** One line a decision, with all the services that it was made for. */
function decisions(list: readonly Deployment[]): string[] {
  const servicesOf = new Map<string, string[]>();
  for (const { service, role, revision, decision } of list) {
    // The service is named in bold already.
    const told = [`${service} is `, `${service}: `].find((start) => decision.startsWith(start)) ?? '';
    // The table names the revision; without it, what is decided alike reads alike.
    const why = decision.slice(told.length).replace(`${revision} runs `, 'runs ');
    const line = `(${role}):** ${prose(why)}`;
    if (decision !== '') servicesOf.set(line, [...(servicesOf.get(line) ?? []), inlineText(service)]);
  }
  return [...servicesOf].map(([line, services]) => `**${services.join(', ')} ${line}`);
}

function images(list: readonly Deployment[]): string | null {
  const rows = list.flatMap(({ service, role, image, digest, digestFrom }) => {
    if (image === null) return [];
    const from = digestFrom === null ? '' : ` (${inlineText(digestFrom)})`;
    return [
      [
        inlineText(service),
        role,
        codeSpan(image),
        digest === null ? 'unknown' : `${codeSpan(shortDigest(digest))}${from}`,
      ],
    ];
  });
  return rows.length === 0 ? null : markdownTable(['service', 'role', 'image', 'digest'], rows);
}

function details(one: Deployment, cite: Cite): (string | false | null)[] {
  const name = `**${inlineText(one.service)} ${one.role}:**`;
  return [
    one.rungs.length > 0 || one.notProven !== null
      ? cited(`${name} ${prose(ladderWords(one))}`, cite(rungEvidence(one)))
      : null,
    one.failure !== null &&
      cited(
        `${name} failed (${inlineText(one.failure.code)}): ${prose(bootWords(one.failure.boot) ?? one.failure.message)}`,
        cite(one.evidence),
      ),
  ];
}

/** What a candidate told before it ended; the whole log is in the evidence. */
function lastEntries({ service, role, failure }: Deployment, cite: Cite): string | null {
  const block = lastEntriesBlock(failure?.boot ?? null);
  const told = `The last entries of ${inlineText(service)} ${role}`;
  return block && `${cited(told, cite(failure?.boot?.evidence ?? []))}:\n\n${block}`;
}

/** A service's first deployment has nothing that it could be compared with. */
function withStable(list: readonly Deployment[]): Deployment[] {
  const compared = (service: string) =>
    list.some((one) => one.service === service && one.role === 'stable' && one.revision !== null);
  return list.filter(({ service }) => compared(service));
}

function rungEvidence({ rungs }: Deployment): string[] {
  return [...new Set(rungs.flatMap((one) => one.evidence))];
}

function moves(record: RunRecord, cite: Cite): string | null {
  if (record.trafficMoves.length === 0) return null;
  const head = ['time', 'service', 'from', 'to', 'share', 'read back', 'took', 'evidence', 'why'];
  const rows = record.trafficMoves.map((move) => [
    utcTime(move.at),
    inlineText(move.service),
    codeSpan(move.from),
    codeSpan(move.to),
    shareMoved(move),
    move.verified ? 'yes' : '**no**',
    move.tookMs === null ? 'not known' : `${(move.tookMs / 1000).toFixed(1)} s`,
    cite(move.evidence),
    prose(move.why),
  ]);
  return blocks(
    `Traffic that was moved:\n\n${markdownTable(head, rows)}`,
    bullets(...record.trafficMoves.map((move) => watched(move, cite)), ...notes(record)),
  );
}

/** Only how the platform serves a revision changed then; the traffic stayed where it was. */
function isInPlace({ from, to }: TrafficMove): boolean {
  return from === to;
}

function shareMoved(move: TrafficMove): string {
  if (isInPlace(move) && move.allocation === 'latest') return 'served as LATEST again';
  return `${move.percent} %${move.allocation === 'latest' ? ' as LATEST' : ''}`;
}

/** How the revision did with this share. */
function watched({ to, percent, watch }: TrafficMove, cite: Cite): string | false {
  if (watch === null) return false;
  const how = watch.ok ? 'held' : '**did not hold**';
  return cited(`${codeSpan(to)} with ${percent} % ${how}: ${prose(watch.because)}`, cite(watch.evidence));
}

function notes(record: RunRecord): string[] {
  const last = new Map(record.trafficMoves.map((move) => [move.service, move.note]));
  return [...last.values()].flatMap((note) => (note === null ? [] : [`**Note:** ${prose(note)}`]));
}
