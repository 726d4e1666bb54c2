import { status } from '@grpc/grpc-js';
import { type Refusal, refuse } from './answer.ts';
import type { FailNext, FaultPreset } from './fault-request.ts';

const consumer = "for consumer 'project_number:123456789012'";

export const logReadQuota: Refusal = refuse(
  'RESOURCE_EXHAUSTED',
  `Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute' of service 'logging.googleapis.com' ${consumer}.`,
);

/** Code and words of a refusal, for a call on that resource (its full name, or empty). */
export function refusalFor(fail: FailNext, resource: string): Refusal | 'hang' {
  if ('preset' in fail) return presetRefusal(fail.preset, fail.method, resource);
  const code = status[fail.code] === undefined ? status.UNKNOWN : fail.code;
  return { ok: false, code, message: fail.message };
}

function presetRefusal(preset: FaultPreset, method: string, resource: string): Refusal | 'hang' {
  switch (preset) {
    case 'permission-denied':
      return refuse(
        'PERMISSION_DENIED',
        `Permission '${permissionOf(method)}' denied on resource '${resource}' (or resource may not exist).`,
      );
    case 'quota':
      return quota(method);
    case 'aborted':
      return refuse(
        'ABORTED',
        `Conflict for resource '${resource.split('/').at(-1)}': version '1757983379915000' was specified but current version is '1757983380104000'.`,
      );
    case 'unavailable':
      return refuse('UNAVAILABLE', 'The service is currently unavailable.');
    case 'deadline-exceeded':
      return refuse('DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.');
    case 'hang':
      return 'hang';
  }
}

function quota(method: string): Refusal {
  if (isLogging(method)) return logReadQuota;
  const kind = /^(Get|List|Wait)/.test(method) ? 'Read' : 'Write';
  return refuse(
    'RESOURCE_EXHAUSTED',
    `Quota exceeded for quota metric '${kind} requests' and limit '${kind} requests per minute per region' of service 'run.googleapis.com' ${consumer}.`,
  );
}

/** `run.services.update` for `UpdateService`. */
function permissionOf(method: string): string {
  if (isLogging(method)) return `logging.logEntries.${method.startsWith('Write') ? 'create' : 'list'}`;
  const [, verb = '', noun = ''] = /^([A-Z][a-z]+)([A-Z]\w*)$/.exec(method) ?? [];
  return `run.${noun.toLowerCase().replace(/s?$/, 's')}.${verb.toLowerCase()}`;
}

function isLogging(method: string): boolean {
  return method.includes('Log');
}
