import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { sha256 } from '../core/canonical-json.ts';
import type { Artifacts, StoredArtifact } from '../ports/artifacts.ts';
import { redactBytes } from './redact-bytes.ts';

/** Removes secrets from bytes; what is stored, hashed and shown is what comes out. */
type Redact = (content: string) => string;

/** The content-addressed `artifacts/` of a run's folder. */
export function artifactFolder({ folder, redact }: { folder: string; redact: Redact }): Artifacts {
  const store = async (artifact: Parameters<Artifacts['put']>[0]): Promise<StoredArtifact> => {
    const { content } = artifact;
    const { bytes, text } = redactBytes(typeof content === 'string' ? Buffer.from(content) : content, redact);
    const hash = sha256(bytes);
    const path = `artifacts/${hash.slice(0, 24)}.${endingOf(text)}`;
    await writeOnce(join(folder, path), bytes);
    const excerpt = redact(artifact.excerpt ?? firstLine(text));
    return { kind: artifact.kind, sha256: hash, path, source: redact(artifact.source), at: artifact.at, excerpt };
  };
  return {
    put: store,
    putFile: async ({ file, ...rest }) => store({ ...rest, content: await readFile(file) }),
    read: (path) => readFile(inside(folder, path)),
  };
}

function inside(folder: string, path: string): string {
  const full = resolve(folder, path);
  if (!full.startsWith(resolve(folder) + sep)) throw new Error(`artefact path leaves the run's folder: ${path}`);
  return full;
}

function endingOf(text: string): string {
  const start = text.trimStart()[0];
  if (start === '<') return 'xml';
  return start === '{' || start === '[' ? 'json' : 'txt';
}

function firstLine(text: string): string {
  const line = text.split('\n').find((one) => one.trim() !== '') ?? '';
  return line.trim().slice(0, 200);
}

/** Two suites that end together may store the same console output: each writes aside under a name of its own. */
let writes = 0;

/** On disk before it can be cited: written aside, flushed, then named by its hash. */
async function writeOnce(file: string, bytes: Uint8Array): Promise<void> {
  if (await stat(file).catch(() => null)) return;
  await mkdir(join(file, '..'), { recursive: true });
  writes += 1;
  const aside = `${file}.${process.pid}-${writes}.tmp`;
  const handle = await open(aside, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(aside, file);
}
