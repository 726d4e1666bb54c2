import type { protos } from '@google-cloud/logging-api';
import { fromJSON, type MessageTypeDefinition } from '@grpc/proto-loader';

/** google.cloud.audit.AuditLog, the fields that tell who did what to which resource; the client does not ship the type. */
const definition = {
  nested: {
    AuditLog: {
      fields: {
        status: { type: 'Status', id: 2 },
        authenticationInfo: { type: 'AuthenticationInfo', id: 3 },
        serviceName: { type: 'string', id: 7 },
        methodName: { type: 'string', id: 8 },
        resourceName: { type: 'string', id: 11 },
      },
    },
    AuthenticationInfo: { fields: { principalEmail: { type: 'string', id: 1 } } },
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
