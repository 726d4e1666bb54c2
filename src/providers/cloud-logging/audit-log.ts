import type { protos } from '@google-cloud/logging-api';
import { fromJSON, type MessageTypeDefinition } from '@grpc/proto-loader';
import type { LogEntry } from '../../ports/logs.ts';

/** google.cloud.audit.AuditLog, the fields that tell who did what to which resource; the client does not ship the type. */
const definition = {
  nested: {
    AuditLog: {
      fields: {
        status: { type: 'Status', id: 2 },
        authenticationInfo: { type: 'AuthenticationInfo', id: 3 },
        requestMetadata: { type: 'RequestMetadata', id: 4 },
        serviceName: { type: 'string', id: 7 },
        methodName: { type: 'string', id: 8 },
        resourceName: { type: 'string', id: 11 },
      },
    },
    AuthenticationInfo: {
      fields: { principalEmail: { type: 'string', id: 1 }, principalSubject: { type: 'string', id: 8 } },
    },
    RequestMetadata: { fields: { callerSuppliedUserAgent: { type: 'string', id: 2 } } },
    Status: { fields: { code: { type: 'int32', id: 1 }, message: { type: 'string', id: 2 } } },
  },
};

const auditLog = fromJSON(definition, { defaults: false }).AuditLog as MessageTypeDefinition<object, object>;

/** A payload of a type that we know, as JSON with its `@type`; of any other type, the `@type` alone. */
export function payloadToJson(payload: protos.google.protobuf.IAny): Record<string, unknown> {
  const type = { '@type': payload.type_url ?? '' };
  if (!type['@type'].endsWith('/google.cloud.audit.AuditLog')) return type;
  try {
    return { ...type, ...auditLog.deserialize(Buffer.from(payload.value as Uint8Array)) };
  } catch {
    return { ...type, unreadable: true };
  }
}

interface Payload {
  readonly methodName?: string;
  readonly resourceName?: string;
  readonly authenticationInfo?: { readonly principalEmail?: string; readonly principalSubject?: string };
  readonly requestMetadata?: { readonly callerSuppliedUserAgent?: string };
  readonly status?: { readonly code?: number };
}

/** Who did what, of a payload that `payloadToJson` gave; null for any other payload. A federated caller has a subject and no e-mail. */
export function auditOf(json: LogEntry['json']): LogEntry['audit'] {
  // What the definition above decoded has these fields and types, or not at all.
  const { methodName, resourceName, authenticationInfo, requestMetadata, status } = (json ?? {}) as Payload;
  if (!String(json?.['@type'] ?? '').endsWith('/google.cloud.audit.AuditLog') || !methodName) return null;
  return {
    method: methodName,
    principal: authenticationInfo?.principalEmail || authenticationInfo?.principalSubject || null,
    userAgent: requestMetadata?.callerSuppliedUserAgent || null,
    resource: resourceName || null,
    succeeded: (status?.code ?? 0) === 0,
  };
}
