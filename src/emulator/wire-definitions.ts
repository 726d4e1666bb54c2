import { createRequire } from 'node:module';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON, type PackageDefinition } from '@grpc/proto-loader';
import { auditLogDefinition } from './cloud-logging/audit-log-definition.ts';

const load = createRequire(import.meta.url);
const options = { keepCase: false, longs: String, enums: String, defaults: true, oneofs: true };

export interface WireDefinitions {
  readonly run: PackageDefinition;
  readonly logging: PackageDefinition;
}

/** The protobuf definitions that the real clients ship; Cloud Logging's with the audit log's added. */
export function loadWireDefinitions(): WireDefinitions {
  const logging = load('@google-cloud/logging-api/build/protos/protos.json');
  const { google } = logging.nested;
  const withAudit = {
    ...logging,
    nested: { google: { ...google, nested: { ...google.nested, cloud: { nested: { audit: auditLogDefinition } } } } },
  };
  return {
    run: fromJSON(load('@google-cloud/run/build/protos/protos.json'), options),
    logging: fromJSON(withAudit, options),
  };
}

export function serviceDefinition(definitions: PackageDefinition, name: string): ServiceDefinition {
  const definition = definitions[name];
  if (definition === undefined || 'format' in definition) throw new Error(`no service ${name} in the definitions`);
  return definition as ServiceDefinition;
}
