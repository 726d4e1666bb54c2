import type { protos } from '@google-cloud/logging-api';

type WireStruct = protos.google.protobuf.IStruct;
type WireValue = protos.google.protobuf.IValue;

/** google.protobuf.Struct as plain JSON; `text` is applied to every string and every key. */
export function structToJson(struct: WireStruct, text: (value: string) => string): Record<string, unknown> {
  const fields = Object.entries(struct.fields ?? {});
  return Object.fromEntries(fields.map(([key, value]) => [text(key), valueToJson(value, text)]));
}

function valueToJson(value: WireValue, text: (value: string) => string): unknown {
  if (value.stringValue != null) return text(value.stringValue);
  if (value.structValue != null) return structToJson(value.structValue, text);
  if (value.listValue != null) return (value.listValue.values ?? []).map((item) => valueToJson(item, text));
  return value.numberValue ?? value.boolValue ?? null;
}
