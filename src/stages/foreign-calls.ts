import { isCallOf } from '../core/user-agent.ts';
import type { LogEntry } from '../ports/logs.ts';

/** A call by which someone else changed a service. */
export interface ForeignCall {
  /** The platform's name of the service. */
  readonly service: string;
  /** Without its product: `UpdateService`. */
  readonly method: string;
  readonly by: string | null;
  readonly at: string;
  readonly userAgent: string;
}

/** While a deploy command of ours runs, what calls the platform is a program of its own, with a name of its own. */
export interface CommandTime {
  readonly service: string;
  /** Milliseconds since the epoch, both inclusive. */
  readonly from: number;
  readonly to: number;
}

/** What changes a service or who may call it, in the second version of the API and in the first one (gcloud, Terraform, Knative). */
const changing = /\.(CreateService|UpdateService|ReplaceService|DeleteService|DeleteRevision|SetIamPolicy)$/;

/**
 * The calls of others among audit entries, oldest first. A refused call changed nothing. A call whose caller gave no name could
 * be our own: nothing is said of it.
 */
export function foreignCalls(
  entries: readonly LogEntry[],
  run: string,
  commands: readonly CommandTime[],
): ForeignCall[] {
  return entries.flatMap(({ audit, at, service: labelled }) => {
    const service = labelled ?? /\/services\/([^/]+)/.exec(audit?.resource ?? '')?.[1];
    const method = changing.exec(audit?.method ?? '')?.[1];
    if (!audit?.succeeded || audit.userAgent === null || !service || !method) return [];
    if (isCallOf(run, audit.userAgent) || commands.some((one) => covers(one, service, Date.parse(at)))) return [];
    return [{ service, method, by: audit.principal, at, userAgent: audit.userAgent }];
  });
}

function covers(time: CommandTime, service: string, at: number): boolean {
  return time.service === service && at >= time.from && at <= time.to;
}
