import type { LogEntry } from '../ports/logs.ts';
import type { StageRun } from '../ports/stage.ts';

/** The log entries that `readingLogs` stored, read back from the artefact that the record cites; empty where there is none. */
export async function storedLogEntries(run: StageRun): Promise<{ entries: LogEntry[]; evidence: string | null }> {
  const [id] = run.record.logs?.evidence ?? [];
  const evidence = id ? await run.evidence(id) : null;
  if (!evidence) return { entries: [], evidence: null };
  const text = Buffer.from(await run.artifacts.read(evidence.path)).toString('utf8');
  return { entries: (JSON.parse(text) as { entries: LogEntry[] }).entries, evidence: evidence.id };
}
