import { z } from 'zod';
import { answer, refuse } from '../answer.ts';
import { toTimestamp } from '../clock.ts';
import type { UnaryMethods } from '../grpc-server.ts';
import type { RestApi, RestCall } from '../rest/rest-call.ts';
import type { Json } from './log-entry.ts';
import { toStruct } from './struct.ts';

const ListBody = z.object({
  resourceNames: z.array(z.string()).default([]),
  filter: z.string().default(''),
  orderBy: z.string().default(''),
  pageSize: z.number().default(0),
  pageToken: z.string().default(''),
});

const JsonValue: z.ZodType<Json> = z.json();
const Labels = z.record(z.string(), z.string());
const Resource = z.object({ type: z.string(), labels: Labels.default({}) });
const JsonEntry = z.strictObject({
  logName: z.string().default(''),
  resource: Resource.optional(),
  timestamp: z.string().optional(),
  severity: z.string().default('DEFAULT'),
  insertId: z.string().default(''),
  labels: Labels.default({}),
  textPayload: z.string().optional(),
  jsonPayload: z.record(z.string(), JsonValue).optional(),
  trace: z.string().default(''),
  spanId: z.string().default(''),
  traceSampled: z.boolean().default(false),
});
const WriteBody = z.object({
  logName: z.string().default(''),
  resource: Resource.optional(),
  labels: Labels.default({}),
  entries: z.array(JsonEntry),
  dryRun: z.boolean().default(false),
});

/** `entries:list` and `entries:write`, as `gcloud logging read` and `write` call them. */
export function loggingRestApi(methods: UnaryMethods): RestApi {
  return (call) => {
    switch (`${call.method} ${call.path}`) {
      case 'POST /v2/entries:list':
        return ask(methods.ListLogEntries, ListBody.safeParse(call.body ?? {}), call);
      case 'POST /v2/entries:write':
        return ask(methods.WriteLogEntries, WriteBody.transform(toMessage).safeParse(call.body), call);
      default:
        return null;
    }
  };
}

async function ask(method: UnaryMethods[string] | undefined, body: z.ZodSafeParseResult<object>, { caller }: RestCall) {
  if (!body.success) {
    const [issue] = body.error.issues;
    return refuse('INVALID_ARGUMENT', `Invalid JSON payload received: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  return method === undefined ? answer({}) : method(body.data, caller);
}

/** The message that the wire library would have made of the same JSON. */
function toMessage({ entries, ...body }: z.infer<typeof WriteBody>): object {
  return {
    ...body,
    entries: entries.map(({ timestamp, jsonPayload, ...entry }) => ({
      ...entry,
      ...(timestamp === undefined ? {} : { timestamp: toTimestamp(timestamp) }),
      ...(jsonPayload === undefined ? {} : { jsonPayload: toStruct(jsonPayload) }),
    })),
  };
}
