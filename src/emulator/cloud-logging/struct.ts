import { z } from 'zod';
import type { Json, JsonObject } from './log-entry.ts';

/** google.protobuf.Value as the wire library hands it over and takes it. */
type WireValue =
  | { nullValue: 'NULL_VALUE' }
  | { boolValue: boolean }
  | { numberValue: number }
  | { stringValue: string }
  | { listValue: { values: WireValue[] } }
  | { structValue: WireStruct };
export interface WireStruct {
  fields: Record<string, WireValue>;
}

export function toStruct(object: JsonObject): WireStruct {
  return { fields: Object.fromEntries(Object.entries(object).map(([key, value]) => [key, toValue(value)])) };
}

function toValue(value: Json): WireValue {
  if (value === null) return { nullValue: 'NULL_VALUE' };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'string') return { stringValue: value };
  if (isList(value)) return { listValue: { values: value.map(toValue) } };
  return { structValue: toStruct(value) };
}

function isList(value: readonly Json[] | JsonObject): value is readonly Json[] {
  return Array.isArray(value);
}

const Value: z.ZodType<Json> = z.lazy(() =>
  z.union([
    z.object({ stringValue: z.string() }).transform((value): Json => value.stringValue),
    z.object({ numberValue: z.number() }).transform((value): Json => value.numberValue),
    z.object({ boolValue: z.boolean() }).transform((value): Json => value.boolValue),
    z.object({ nullValue: z.unknown() }).transform((): Json => null),
    z.object({ structValue: Struct }).transform((value): Json => value.structValue),
    z
      .object({ listValue: z.object({ values: z.array(Value).default([]) }) })
      .transform(({ listValue }): Json => listValue.values),
  ]),
);

/** A google.protobuf.Struct, read into plain JSON. */
export const Struct: z.ZodType<JsonObject> = z
  .object({ fields: z.record(z.string(), Value).nullish() })
  .transform((struct): JsonObject => struct.fields ?? {});
