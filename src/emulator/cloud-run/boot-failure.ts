import { status } from '@grpc/grpc-js';
import { failed } from './conditions.ts';
import type { Condition } from './records.ts';

/** Why a revision did not come up. */
export type BootFailure =
  | { readonly kind: 'image-missing'; readonly image: string }
  | { readonly kind: 'not-listening'; readonly port: number }
  | { readonly kind: 'not-executable'; readonly command: string; readonly because: string };

/** The platform's sentence for it, without the revision's name. */
export function bootFailureMessage(failure: BootFailure): string {
  switch (failure.kind) {
    case 'image-missing':
      return `Image '${failure.image}' not found.`;
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
  return failure.kind === 'image-missing' ? status.NOT_FOUND : status.FAILED_PRECONDITION;
}

export function failedConditions(failure: BootFailure, at: string): Condition[] {
  const message = bootFailureMessage(failure);
  if (failure.kind === 'image-missing') {
    const details = { reason: 'CONTAINER_MISSING' } as const;
    return [failed('Ready', at, message, details), failed('ContainerReady', at, message, details)];
  }
  const details = { revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR' } as const;
  return [failed('Ready', at, message, details), failed('ContainerHealthy', at, message, details)];
}
