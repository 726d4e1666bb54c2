import { errorClass, statusIn } from './error-class.ts';
import type { ServiceClaim } from './service-claims.ts';

export interface Described {
  readonly services: readonly ServiceClaim[];
  readonly doubts: readonly string[];
}

const itemsMax = 100;
const upWords = /^(?:deployed|success(?:ful)?|succeeded|ok|ready|up|healthy)$/i;
const downWords = /^(?:failed|failure|error|down|not[-_ ]?ready)$/i;

/**
 * A transcript that is JSON: what `gcloud run services describe --format json` prints, one or a list, or a summary of
 * `services` that a script wrote. Null when it is neither.
 */
export function describedServices(text: string): Described | null {
  if (!/^\s*[{[]/.test(text)) return null;
  const json = parsed(text);
  const items = (Array.isArray(json) ? json : [json]).filter(isObject).slice(0, itemsMax);
  const platform = items.filter((item) => item.kind === 'Service' && isObject(item.status));
  if (platform.length > 0) return joined(platform.map(knativeService));
  const services = items.length === 1 ? items[0]?.services : undefined;
  return isObject(services) ? summary(services) : null;
}

function knativeService(service: JsonObject): Described {
  const status = objectIn(service, 'status');
  const name = text(objectIn(service, 'metadata').name) ?? 'a service';
  const [created, ready] = [text(status.latestCreatedRevisionName), text(status.latestReadyRevisionName)];
  const condition = listIn(status, 'conditions').find(({ type }) => type === 'Ready');
  const up = condition?.status === 'True';
  const shares = listIn(status, 'traffic').filter(({ percent }) => typeof percent === 'number' && percent > 0);
  const traffic = shares.map((one) => `${one.percent} % to ${text(one.revisionName) ?? 'latest'}`).join(', ');
  const claim: ServiceClaim = {
    name,
    revision: ready,
    url: text(status.url),
    claim: up ? 'ready' : 'not-ready',
    because: up ? `traffic ${traffic || 'to nobody'}` : (text(condition?.message) ?? 'no condition Ready'),
  };
  const behind =
    created !== ready ? [`${name}: the latest revision ${created} is not the latest ready one ${ready}`] : [];
  return { services: [claim], doubts: [...behind, ...commitDoubt(name, service)] };
}

/** A tag can be moved; only a label or a digest names what runs. */
function commitDoubt(name: string, service: JsonObject): string[] {
  const template = objectIn(objectIn(service, 'spec'), 'template');
  const labels = objectIn(objectIn(template, 'metadata'), 'labels');
  const image = text(listIn(objectIn(template, 'spec'), 'containers')[0]?.image);
  if (text(labels['commit-sha']) !== null || image?.includes('@sha256:') || /[:@][0-9a-f]{40}$/.test(image ?? ''))
    return [];
  return [`${name}: commit unknown: its image ${image ?? 'is not told'} carries neither commit nor digest`];
}

function summary(services: JsonObject): Described {
  const claims = Object.entries(services)
    .slice(0, itemsMax)
    .flatMap(([name, value]) => {
      const told = isObject(value) ? value : { status: value };
      const word = text(told.status) ?? '';
      if (!upWords.test(word) && !downWords.test(word)) return [];
      const error = text(told.error) ?? text(told.message);
      const because = downWords.test(word) ? errorClass(statusIn(error ?? ''), error ?? '') : null;
      const claim = because === null ? ('deployed' as const) : ('failed' as const);
      return [{ name, revision: text(told.revision), url: text(told.url), claim, because }];
    });
  return { services: claims, doubts: ['a summary that somebody wrote: no answer of the platform'] };
}

function joined(parts: readonly Described[]): Described {
  return { services: parts.flatMap(({ services }) => services), doubts: parts.flatMap(({ doubts }) => doubts) };
}

type JsonObject = Readonly<Record<string, unknown>>;

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectIn(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  return isObject(value) ? value : {};
}

function listIn(parent: JsonObject, key: string): JsonObject[] {
  const value = parent[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
