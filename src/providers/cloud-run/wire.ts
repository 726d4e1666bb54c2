import type { protos } from '@google-cloud/run';

/** The platform's messages, under the names that this folder speaks of. */
export type WireService = protos.google.cloud.run.v2.IService;
export type WireRevision = protos.google.cloud.run.v2.IRevision;
export type WireTemplate = protos.google.cloud.run.v2.IRevisionTemplate;
export type WireContainer = protos.google.cloud.run.v2.IContainer;
export type WireVariable = protos.google.cloud.run.v2.IEnvVar;
export type WireProbe = protos.google.cloud.run.v2.IProbe;
export type WireTraffic = protos.google.cloud.run.v2.ITrafficTarget;
export type WireCondition = protos.google.cloud.run.v2.ICondition;
export type WireOperation = protos.google.longrunning.IOperation;

export const toLatest = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
export const toRevision = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';
