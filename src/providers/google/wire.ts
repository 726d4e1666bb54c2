/** A protobuf timestamp as the clients hand it over: seconds may be text, a number or a Long. */
export interface WireTimestamp {
  readonly seconds?: unknown;
  readonly nanos?: number | null;
}

/** UTC with nine digits of a second; null for an absent or empty timestamp. */
export function instantOf(timestamp: WireTimestamp | null | undefined): string | null {
  const seconds = Number(timestamp?.seconds ?? 0);
  if (!timestamp || (seconds === 0 && !timestamp.nanos)) return null;
  const nanos = String(timestamp.nanos ?? 0).padStart(9, '0');
  return new Date(seconds * 1000).toISOString().replace(/\.\d{3}Z$/, `.${nanos}Z`);
}

/** The last part of a resource name: `chat-auth` of `projects/p/locations/l/services/chat-auth`; null when there is none. */
export function shortName(name: string | null | undefined): string | null {
  return name?.slice(name.lastIndexOf('/') + 1) || null;
}
