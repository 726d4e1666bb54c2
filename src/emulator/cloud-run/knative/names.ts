/** Names and small words of the v1 API against those of v2. */

/** Labels and annotations of these namespaces are the platform's: put on in answers, taken off in requests. */
const systemPrefixes = [
  'cloud.googleapis.com/',
  'run.googleapis.com/',
  'serving.knative.dev/',
  'autoscaling.knative.dev/',
];

export type Texts = Record<string, string>;

export function withoutSystem(labels: Texts | undefined): Texts {
  const own = Object.entries(labels ?? {}).filter(([key]) => !systemPrefixes.some((prefix) => key.startsWith(prefix)));
  return Object.fromEntries(own);
}

/** `HEALTH_CHECK_CONTAINER_ERROR` is `HealthCheckContainerError` there. */
export function camelWords(name: string): string {
  return name.replace(/([A-Z])([A-Z]*)_?/g, (_, first: string, rest: string) => first + rest.toLowerCase());
}

export function shortName(name: string): string {
  return name.split('/').at(-1) ?? '';
}

/** The same object without what is empty: v1 leaves out what v2 tells as a default. */
export function told<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => !isEmpty(value))) as Partial<T>;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === 0 || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
