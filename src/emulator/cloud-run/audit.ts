import { type Audit, resourceOf } from '../watch-methods.ts';
import { principalOf } from './platform.ts';
import type { RunLog } from './run-log.ts';

/** The methods that change something, as the audit log calls them in either version of the API. */
const changing = {
  CreateService: { v1: 'Services.CreateService', v2: 'Services.CreateService' },
  UpdateService: { v1: 'Services.ReplaceService', v2: 'Services.UpdateService' },
  DeleteService: { v1: 'Services.DeleteService', v2: 'Services.DeleteService' },
  DeleteRevision: { v1: 'Revisions.DeleteRevision', v2: 'Revisions.DeleteRevision' },
} as const;

export function auditedName(method: keyof typeof changing, api: 'v1' | 'v2'): string {
  return changing[method][api];
}

/** Every changing call leaves an activity entry, with its status when it was refused. A dry run leaves none. */
export function auditChanges(runLog: RunLog): Audit {
  return (method, message, caller, outcome) => {
    if (!isChanging(method) || isDryRun(message)) return;
    const name = resourceOf(message);
    const [, project, location, service, revision = ''] =
      /^projects\/([^/]+)\/locations\/([^/]+)\/services\/([^/]+)(?:\/revisions\/([^/]+))?$/.exec(name) ?? [];
    if (project === undefined || location === undefined || service === undefined) return;
    runLog.activity(
      { project, location, service, revision },
      {
        methodName: `google.cloud.run.${caller.api}.${auditedName(method, caller.api)}`,
        resourceName: caller.api === 'v2' ? name : knativeName(project, service, revision),
        principalEmail: principalOf(caller, project),
        userAgent: caller.userAgent,
        status: outcome.ok ? null : { code: outcome.code, message: outcome.message },
      },
    );
  };
}

function knativeName(project: string, service: string, revision: string): string {
  return `namespaces/${project}/${revision === '' ? `services/${service}` : `revisions/${revision}`}`;
}

function isChanging(method: string): method is keyof typeof changing {
  return method in changing;
}

function isDryRun(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'validateOnly' in message && message.validateOnly === true;
}
