import type { z } from 'zod';
import { EnvironmentConfig } from './environment.ts';
import { checkEnvironment } from './environment-checks.ts';
import type { Finding } from './finding.ts';
import type { ConfigProblem } from './messages.ts';
import { applyOverrides, type Overridden, overridesFrom, problemOutside } from './overrides.ts';
import { PipelineConfig } from './pipeline.ts';
import { checkPipeline } from './pipeline-checks.ts';
import { checkSchema } from './schema-findings.ts';
import { readYamlFile, type YamlFile } from './yaml-file.ts';

/** Finding a place takes a walk through the file, so that a file of nothing but mistakes must not cost a walk for each. */
const findingsMax = 100;

export type Loaded<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** The file as it was read. */
      readonly text: string;
      readonly path: string;
      /** Variables and flags that set something, in the order in which they were applied. */
      readonly overrides: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/**
 * `<folder>/<name>.yaml`, with `LOOP_CONFIG_*` variables laid over it and flags over those. Flags name the path they set:
 * `{ '--level': { path: 'level', text: 'observe' } }`. Up to 100 problems are returned, not only the first.
 */
export async function loadEnvironment(asked: {
  folder: string;
  name: string;
  env: Readonly<Record<string, string | undefined>>;
  flags?: Readonly<Record<string, { readonly path: string; readonly text: string }>>;
}): Promise<Loaded<EnvironmentConfig>> {
  const read = await readYamlFile(asked);
  if (!read.ok) return read;
  const overridden = applyOverrides(EnvironmentConfig, read.file.value, overridesFrom(asked.env, asked.flags));
  return check(read.file, EnvironmentConfig, overridden, checkEnvironment);
}

/** `<folder>/<name>.yaml`; with an environment, the services that it names are looked up there too. */
export async function loadPipeline(asked: {
  folder: string;
  name: string;
  environment?: Pick<EnvironmentConfig, 'services' | 'dependencies'>;
  /** The day of the run's start, `yyyy-mm-dd` in UTC: what expired before it is a mistake. */
  today?: string;
}): Promise<Loaded<PipelineConfig>> {
  const read = await readYamlFile(asked);
  if (!read.ok) return read;
  const untouched = { value: read.file.value, applied: [], problems: [] };
  return check(read.file, PipelineConfig, untouched, (pipeline) =>
    checkPipeline(pipeline, asked.environment, asked.today),
  );
}

function check<S extends z.ZodType>(
  file: YamlFile,
  schema: S,
  { value, applied, problems }: Overridden,
  crossCheck: (parsed: z.output<S>) => Finding[],
): Loaded<z.output<S>> {
  const parsed = checkSchema(schema, value);
  const findings = parsed.ok ? crossCheck(parsed.value) : parsed.findings;
  const found = [
    ...problems,
    ...findings.slice(0, findingsMax).map((finding) => problemOutside(finding, applied) ?? file.problem(finding)),
  ];
  if (!parsed.ok || found.length > 0) return { ok: false, problems: found };
  return {
    ok: true,
    value: parsed.value,
    text: file.text,
    path: file.path,
    overrides: applied.map(({ source }) => source),
  };
}
