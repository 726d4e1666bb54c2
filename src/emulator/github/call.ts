import type { z } from 'zod';
import { type Answer, notFound, notImplemented, refuse } from './answer.ts';
import type { Forge } from './forge.ts';
import { reconcile } from './reconcile.ts';
import type { Repository } from './repository.ts';

/** One REST call after its token was checked: path parameters decoded, body read as JSON but not yet trusted. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly forge: Forge;
}

export type Handler = (call: Call) => Promise<Answer>;
export type RepositoryHandler = (call: Call, repository: Repository) => Promise<Answer>;

/** Opens the repository of `/repos/{owner}/{repo}/…` for a handler, up to date with its branches; changes run one after the other. */
export function inRepository(handler: RepositoryHandler): Handler {
  return async (call) => {
    const { forge } = call;
    const repository = await forge.repository(param(call, 'owner'), param(call, 'repo'));
    if (repository === null) return notFound();
    if (call.method === 'GET') {
      await repository.exclusively(() => reconcile(forge, repository));
      return handler(call, repository);
    }
    return repository.exclusively(async () => {
      await reconcile(forge, repository);
      const answer = await handler(call, repository);
      await reconcile(forge, repository);
      return answer;
    });
  };
}

export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`the route of ${call.path} has no {${name}}`);
  return value;
}

/** A number in a path; null for anything else, which no issue has. */
export function numberParam(call: Call, name: string): number | null {
  const value = param(call, name);
  return /^[1-9]\d{0,15}$/.test(value) ? Number(value) : null;
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly answer: Answer };

/** Reads a body by its schema. A field that the schema does not name is refused, unless it asks for nothing: silence would be a lie. */
export function readBody<T extends z.ZodObject>(call: Call, schema: T): Parsed<z.infer<T>> {
  const body = call.body ?? {};
  if (!isRecord(body)) return { ok: false, answer: refuse(400, 'Body should be a JSON object') };
  const extra = Object.keys(body).find((key) => !(key in schema.shape) && !asksForNothing(body[key]));
  if (extra !== undefined) return { ok: false, answer: fieldNotImplemented(call, extra) };
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, answer: refuse(422, invalidRequest(body, parsed.error)) };
}

/** The same for the query: parameters that this call does not name would be filters that we silently leave out. */
export function unknownQuery(call: Call, known: readonly string[]): Answer | null {
  const extra = [...call.query.keys()].find((key) => !known.includes(key) && !pagingQuery.includes(key));
  return extra === undefined ? null : fieldNotImplemented(call, extra);
}

/** A query parameter with a closed list of words; the first is the default. */
export function wordQuery<const T extends readonly [string, ...string[]]>(
  call: Call,
  name: string,
  words: T,
): Parsed<T[number]> {
  const value = call.query.get(name) ?? words[0];
  const known = words.find((word) => word === value);
  if (known !== undefined) return { ok: true, value: known };
  const message = `Invalid request.\n\nFor 'properties/${name}', ${value} is not one of: ${words.join(', ')}.`;
  return { ok: false, answer: refuse(422, message) };
}

/** An instant in a query (`since`); undefined where there is none. */
export function timeQuery(call: Call, name: string): Parsed<string | undefined> {
  const value = call.query.get(name);
  if (value === null || value === '') return { ok: true, value: undefined };
  const instant = new Date(value);
  if (/^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(instant.getTime())) {
    return { ok: true, value: instant.toISOString() };
  }
  return { ok: false, answer: refuse(422, `Invalid request.\n\nFor 'properties/${name}', ${value} is not a time.`) };
}

const pagingQuery = ['per_page', 'page'];

function fieldNotImplemented(call: Call, field: string): Answer {
  return notImplemented(`the field ${field} of ${call.method} ${call.path}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asksForNothing(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === '' ||
    value === false ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** GitHub's words for a body that does not fit. */
function invalidRequest(body: Record<string, unknown>, error: z.ZodError): string {
  const lines = error.issues.map((issue) => {
    const field = issue.path.join('/');
    const missing = issue.path.length === 1 && body[field] === undefined;
    return missing ? `"${field}" wasn't supplied.` : `For 'properties/${field}', ${issue.message}.`;
  });
  return `Invalid request.\n\n${lines.join('\n')}`;
}
