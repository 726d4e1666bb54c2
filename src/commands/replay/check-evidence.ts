import { readFile } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { sha256 } from '../../core/canonical-json.ts';
import type { Evidence } from '../../core/record.ts';

export interface CheckedEvidence {
  /** By evidence id, those whose bytes are what their hash says. */
  readonly files: ReadonlyMap<string, { readonly kind: string; readonly file: string; readonly text: string }>;
  /** One sentence for each that is missing or was changed. */
  readonly problems: readonly string[];
}

/** Holds every stored artefact against its SHA-256. What does not hold is not used. */
export async function checkEvidence(folder: string, evidence: readonly Evidence[]): Promise<CheckedEvidence> {
  const files = new Map<string, { kind: string; file: string; text: string }>();
  const problems: string[] = [];
  for (const one of evidence) {
    const file = resolve(folder, one.path);
    const bytes = file.startsWith(resolve(folder) + sep) ? await readFile(file).catch(() => null) : null;
    if (bytes === null) problems.push(`${one.id} is missing: ${one.path}`);
    else if (sha256(bytes) !== one.sha256) problems.push(`${one.id} was changed: ${one.path}`);
    else files.set(one.id, { kind: one.kind, file, text: bytes.toString('utf8') });
  }
  return { files, problems };
}
