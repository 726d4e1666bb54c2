import { type Answer, answer, refuse } from '../answer.ts';

export interface Parent {
  readonly project: string;
  readonly location: string;
}

/** Reads `projects/P/locations/L`, and what stands behind it in `pattern`. */
function read(name: string, pattern: RegExp, shape: string): Answer<RegExpExecArray> {
  const match = pattern.exec(name);
  return match === null
    ? refuse('INVALID_ARGUMENT', `Invalid resource name '${name}': expected ${shape}.`)
    : answer(match);
}

const parent = 'projects/([^/]+)/locations/([^/]+)';

export function readParent(name: string): Answer<Parent> {
  const match = read(name, new RegExp(`^${parent}$`), 'projects/{project}/locations/{location}');
  return match.ok ? answer({ project: match.value[1] ?? '', location: match.value[2] ?? '' }) : match;
}

export interface ServiceName extends Parent {
  readonly id: string;
}

export function readServiceName(name: string): Answer<ServiceName> {
  const match = read(
    name,
    new RegExp(`^${parent}/services/([^/]+)$`),
    'projects/{project}/locations/{location}/services/{service}',
  );
  if (!match.ok) return match;
  const [, project = '', location = '', id = ''] = match.value;
  return answer({ project, location, id });
}

export interface RevisionName extends Parent {
  readonly service: string;
  readonly id: string;
}

export function readRevisionName(name: string): Answer<RevisionName> {
  const shape = 'projects/{project}/locations/{location}/services/{service}/revisions/{revision}';
  const match = read(name, new RegExp(`^${parent}/services/([^/]+)/revisions/([^/]+)$`), shape);
  if (!match.ok) return match;
  const [, project = '', location = '', service = '', id = ''] = match.value;
  return answer({ project, location, service, id });
}

export function serviceName({ project, location, id }: ServiceName): string {
  return `projects/${project}/locations/${location}/services/${id}`;
}

export function revisionName({ project, location, service, id }: RevisionName): string {
  return `projects/${project}/locations/${location}/services/${service}/revisions/${id}`;
}

/** Cloud Run's rule for services: fewer than 50 characters. */
export function isServiceId(id: string): boolean {
  return /^[a-z](?:[-a-z0-9]{0,47}[a-z0-9])?$/.test(id);
}

/** Cloud Run's rule for revisions: a DNS label that begins with the service's name. */
export function isRevisionId(id: string, service: string): boolean {
  return id.length <= 63 && id.startsWith(`${service}-`) && /^[a-z](?:[-a-z0-9]*[a-z0-9])$/.test(id);
}
