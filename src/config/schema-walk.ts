import type { z } from 'zod';
import type { ConfigPath } from './finding.ts';

type Schema = z.core.$ZodType;

/** The schemas that may judge the value at a path, wrappers taken off and unions opened; empty where the schema knows no such path. */
export function schemasAt(root: Schema, path: ConfigPath): Schema[] {
  return path.reduce<Schema[]>((schemas, part) => schemas.flatMap((schema) => step(schema, part)), bare(root));
}

/** The keys that mappings of these schemas name. Records have none: any key fits them. */
export function knownKeys(schemas: readonly Schema[]): string[] {
  return schemas.flatMap((schema) => {
    const { def } = opened(schema);
    return def.type === 'object' ? Object.keys(def.shape) : [];
  });
}

/** Whether any of these schemas judges text itself, so that `5` given by a variable stays text. */
export function takesText(schemas: readonly Schema[]): boolean {
  return schemas.some((schema) => ['string', 'enum', 'literal'].includes(opened(schema).def.type));
}

export function isRecord(schema: Schema): boolean {
  return opened(schema).def.type === 'record';
}

function step(schema: Schema, part: string | number): Schema[] {
  const { def } = opened(schema);
  if (def.type === 'array') return bare(def.element);
  if (def.type === 'record') return bare(def.valueType);
  if (def.type !== 'object') return [];
  const inner = Object.hasOwn(def.shape, part) ? def.shape[part] : undefined;
  return inner === undefined ? [] : bare(inner);
}

function bare(schema: Schema): Schema[] {
  const { def } = opened(schema);
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'prefault':
    case 'nullable':
      return bare(def.innerType);
    case 'pipe':
      return bare(def.in);
    case 'union':
      return def.options.flatMap(bare);
    default:
      return [schema];
  }
}

/** zod types the definition of the general schema by its kind only; this union names the kinds that are opened here. */
function opened(schema: Schema): { def: KnownDef } {
  return { def: schema._zod.def as KnownDef };
}

type KnownDef =
  | { type: 'object'; shape: Readonly<Record<string, Schema>> }
  | { type: 'array'; element: Schema }
  | { type: 'record'; valueType: Schema }
  | { type: 'optional' | 'default' | 'prefault' | 'nullable'; innerType: Schema }
  | { type: 'pipe'; in: Schema }
  | { type: 'union'; options: readonly Schema[] }
  | { type: 'string' | 'enum' | 'literal' | 'number' | 'boolean' | 'unknown' };
