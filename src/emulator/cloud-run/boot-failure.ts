import { status } from '@grpc/grpc-js';
import { type Details, failed } from './conditions.ts';
import type { Condition } from './records.ts';

/** Why a revision did not come up. */
export type BootFailure =
  | { readonly kind: 'image-missing'; readonly image: string }
  | { readonly kind: 'quota' | 'image-permission'; readonly project: string; readonly image: string }
  | { readonly kind: 'not-listening'; readonly port: number }
  | { readonly kind: 'not-executable'; readonly command: string; readonly because: string };

/** The platform's sentence for it, without the revision's name. */
export function bootFailureMessage(failure: BootFailure): string {
  switch (failure.kind) {
    case 'image-missing':
      return `Image '${failure.image}' not found.`;
    case 'quota':
      return 'Quota exceeded for total allowable CPU per project per region.';
    case 'image-permission':
      return (
        'Google Cloud Run Service Agent service-123456789012@serverless-robot-prod.iam.gserviceaccount.com must have ' +
        `permission to read the image, ${failure.image}. Ensure that the provided container image URL is correct and that the ` +
        'above account has permission to access the image. If you just enabled the Cloud Run API, the permissions might take ' +
        `a few minutes to propagate. Note that the image is from project [${failure.project}].`
      );
    case 'not-listening':
      return (
        `The user-provided container failed to start and listen on the port defined provided by the PORT=${failure.port} ` +
        'environment variable within the allocated timeout. This can happen when the container port is misconfigured or if ' +
        'the timeout is too short. The health check timeout can be extended. Logs for this revision might contain more information.'
      );
    case 'not-executable':
      return `The user-provided container failed to start: '${failure.command}' could not be run (${failure.because}).`;
  }
}

export function notReady(revision: string, message: string): string {
  return `Revision '${revision}' is not ready and cannot serve traffic. ${message}`;
}

export function bootFailureCode(failure: BootFailure): number {
  switch (failure.kind) {
    case 'image-missing':
      return status.NOT_FOUND;
    case 'quota':
      return status.RESOURCE_EXHAUSTED;
    case 'image-permission':
      return status.PERMISSION_DENIED;
    case 'not-listening':
    case 'not-executable':
      return status.FAILED_PRECONDITION;
  }
}

export function failedConditions(failure: BootFailure, at: string): Condition[] {
  const message = bootFailureMessage(failure);
  const [type, details] = blamed(failure);
  return [failed('Ready', at, message, details), failed(type, at, message, details)];
}

/** The condition that a failure shows in, and its reason where the API has one. */
function blamed({ kind }: BootFailure): [string, Details] {
  switch (kind) {
    case 'image-missing':
      return ['ContainerReady', { reason: 'CONTAINER_MISSING' }];
    case 'image-permission':
      return ['ContainerReady', { reason: 'CONTAINER_PERMISSION_DENIED' }];
    case 'quota':
      return ['ResourcesAvailable', {}];
    case 'not-listening':
    case 'not-executable':
      return ['ContainerHealthy', { revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR' }];
  }
}
