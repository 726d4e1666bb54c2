import type { Evidence } from '../core/record.ts';

/** Evidence before it has an id: the bytes are stored already. */
export type StoredArtifact = Omit<Evidence, 'id'>;

/**
 * The run's content-addressed store. What goes in passes the redactor first, is hashed then, and is on disk before it can be cited.
 * The same content is stored once.
 */
export interface Artifacts {
  put(artifact: {
    kind: string;
    source: string;
    at: string;
    content: Uint8Array | string;
    excerpt?: string;
  }): Promise<StoredArtifact>;
  putFile(artifact: {
    kind: string;
    source: string;
    at: string;
    file: string;
    excerpt?: string;
  }): Promise<StoredArtifact>;
  read(path: string): Promise<Uint8Array>;
}
