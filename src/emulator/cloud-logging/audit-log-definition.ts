/**
 * google.cloud.audit.AuditLog, the part that the emulator fills. No package of ours ships it, so the field numbers are
 * written down here, from google/cloud/audit/audit_log.proto.
 */
export const auditLogDefinition = {
  nested: {
    AuditLog: {
      fields: {
        status: { type: 'google.rpc.Status', id: 2 },
        authenticationInfo: { type: 'AuthenticationInfo', id: 3 },
        requestMetadata: { type: 'RequestMetadata', id: 4 },
        serviceName: { type: 'string', id: 7 },
        methodName: { type: 'string', id: 8 },
        resourceName: { type: 'string', id: 11 },
      },
    },
    RequestMetadata: {
      fields: { callerIp: { type: 'string', id: 1 }, callerSuppliedUserAgent: { type: 'string', id: 2 } },
    },
    AuthenticationInfo: { fields: { principalEmail: { type: 'string', id: 1 } } },
  },
};
