import type { MessageTypeDefinition } from '@grpc/proto-loader';
import { loadWireDefinitions } from './wire-definitions.ts';

/** The audit log inside an entry as the Cloud Logging client gives it. Tests only. */
export function readAudit(entry: { protoPayload?: unknown } | undefined): unknown {
  const payload = entry?.protoPayload as { type_url: string; value: Uint8Array } | undefined;
  if (payload?.type_url !== 'type.googleapis.com/google.cloud.audit.AuditLog') throw new Error('no audit entry');
  const definition = loadWireDefinitions().logging['google.cloud.audit.AuditLog'] as MessageTypeDefinition<
    object,
    object
  >;
  return definition.deserialize(Buffer.from(payload.value));
}
