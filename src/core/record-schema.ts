import { z } from 'zod';
import { RunRecord } from './record.ts';

/** The JSON Schema (draft 2020-12) of `run.json`; published as `schemas/run.schema.json`. */
export function recordJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(RunRecord, { target: 'draft-2020-12' });
  return { $schema, title: 'The record of a run of loop (run.json)', ...rest };
}
